//! Looking for words in all chats that stay.

use rusqlite::params;
use wick_protocol::{ChatId, Hit, MessageId};

use super::{Db, DbError};

/// So much is found at most.
const MOST_HITS: usize = 60;

/// What makes text bold or code, and is not shown in an excerpt.
const MARKS_OF_MARKDOWN: [&str; 2] = ["**", "`"];

/// Put around a match by SQLite. Where a text has it, something else is shown as the match.
const MARK: char = '\u{2}';

impl Db {
    /// Titles, then messages, in which all of these words are, the newest first. The last word may
    /// be the beginning of one.
    pub fn search(&self, text: &str) -> Result<Vec<Hit>, DbError> {
        let Some(query) = query(text) else { return Ok(Vec::new()) };
        let mut hits = self.hits(
            "SELECT chat.id, chat.title, NULL, highlight(title_word, 0, char(2), char(2))
             FROM title_word JOIN chat ON chat.id = title_word.rowid
             WHERE title_word MATCH ?1 AND chat.deleted IS NULL
             ORDER BY title_word.rowid DESC LIMIT ?2",
            &query,
        )?;
        hits.extend(self.hits(
            "SELECT chat.id, chat.title, message.id,
                 snippet(message_word, 0, char(2), char(2), '…', 14)
             FROM message_word JOIN message ON message.id = message_word.rowid
                 JOIN chat ON chat.id = message.chat
             WHERE message_word MATCH ?1 AND message.deleted IS NULL AND chat.deleted IS NULL
             ORDER BY message_word.rowid DESC LIMIT ?2",
            &query,
        )?);
        hits.truncate(MOST_HITS);
        Ok(hits)
    }

    fn hits(&self, select: &str, query: &str) -> Result<Vec<Hit>, DbError> {
        let mut select = self.file().prepare_cached(select)?;
        let hits = select.query_map(params![query, MOST_HITS as i64], |row| {
            let message = row.get::<_, Option<i64>>(2)?.map(MessageId);
            let mut excerpt: String = row.get(3)?;
            if message.is_some() {
                excerpt = MARKS_OF_MARKDOWN.iter().fold(excerpt, |it, mark| it.replace(mark, ""));
            }
            Ok(Hit {
                chat: ChatId(row.get(0)?),
                title: row.get(1)?,
                message,
                excerpt: excerpt.split(MARK).map(str::to_owned).collect(),
            })
        })?;
        Ok(hits.collect::<Result<_, _>>()?)
    }
}

/// The words as FTS5 takes them, each quoted so that none means anything else.
fn query(text: &str) -> Option<String> {
    let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
    let words = text.split_whitespace().filter(is_word);
    let words: Vec<String> =
        words.map(|word| format!("\"{}\"", word.replace(['"', '\0'], " "))).collect();
    (!words.is_empty()).then(|| format!("{}*", words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_words_whatever_it_says() {
        assert_eq!(query("Ada  Love"), Some("\"Ada\" \"Love\"*".into()));
        assert_eq!(query("a\"b OR"), Some("\"a b\" \"OR\"*".into()));
        assert_eq!(query(" - \" "), None);
    }
}
