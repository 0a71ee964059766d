//! Which messages of a chat are shown.
//!
//! A chat is a tree: another version of a message stands beside it, under the same parent. Of the
//! messages under one parent, the one that was walked last is shown, so that a chat opens where it
//! was left and each branch remembers how it went on.

use std::collections::HashMap;

use wick_protocol::{Fork, MessageId};

/// A message of the tree.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Names it. What follows a message has a higher id.
    pub id: MessageId,
    /// What it follows.
    pub parent: Option<MessageId>,
    /// The higher, the later it was walked.
    pub walked: i64,
}

/// The messages of a chat, without what they say.
pub struct Tree {
    parents: HashMap<MessageId, Option<MessageId>>,
    /// Under each parent, oldest first.
    children: HashMap<Option<MessageId>, Vec<Node>>,
}

impl Tree {
    /// Of these messages, in the order of their ids.
    pub fn new(nodes: impl IntoIterator<Item = Node>) -> Self {
        let mut tree = Self { parents: HashMap::new(), children: HashMap::new() };
        for node in nodes {
            tree.parents.insert(node.id, node.parent);
            tree.children.entry(node.parent).or_default().push(node);
        }
        tree
    }

    /// What is shown, oldest first.
    pub fn path(&self) -> Vec<MessageId> {
        let mut path = Vec::new();
        let mut parent = None;
        while let Some(node) = self.shown_under(parent) {
            path.push(node.id);
            parent = Some(node.id);
        }
        path
    }

    /// What leads to a message, oldest first, itself included.
    pub fn path_to(&self, message: MessageId) -> Vec<MessageId> {
        let mut path: Vec<MessageId> = std::iter::successors(Some(message), |it| {
            // An id is above its parent's, so this ends whatever the file says.
            self.parents.get(it).copied().flatten().filter(|parent| parent < it)
        })
        .collect();
        path.reverse();
        path
    }

    /// Where there are other versions of these messages.
    pub fn forks(&self, path: &[MessageId]) -> Vec<Fork> {
        let versions = |&message: &MessageId| {
            let beside = &self.children[self.parents.get(&message)?];
            let versions = beside.iter().map(|it| it.id).collect();
            (1 < beside.len()).then_some(Fork { message, versions })
        };
        path.iter().filter_map(versions).collect()
    }

    /// A message and all that follows it, in whichever version.
    pub fn under(&self, message: MessageId) -> Vec<MessageId> {
        let mut found = vec![message];
        let mut n_looked = 0;
        while let Some(&next) = found.get(n_looked) {
            n_looked += 1;
            let children = self.children.get(&Some(next)).into_iter().flatten();
            found.extend(children.map(|it| it.id).filter(|it| next < *it));
        }
        found
    }

    fn shown_under(&self, parent: Option<MessageId>) -> Option<Node> {
        let children = self.children.get(&parent)?.iter().copied();
        children.filter(|it| parent < Some(it.id)).max_by_key(|it| (it.walked, it.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 ─┬─ 2 ─── 4
    ///    └─ 3 ─┬─ 5
    ///          └─ 6
    fn tree(walked: [i64; 6]) -> Tree {
        let parents = [None, Some(1), Some(1), Some(2), Some(3), Some(3)];
        let nodes = (1..).zip(parents).zip(walked).map(|((id, parent), walked)| Node {
            id: MessageId(id),
            parent: parent.map(MessageId),
            walked,
        });
        Tree::new(nodes)
    }

    fn ids(path: &[MessageId]) -> Vec<i64> {
        path.iter().map(|it| it.0).collect()
    }

    #[test]
    fn the_branch_that_was_walked_last_is_shown() {
        assert_eq!(ids(&tree([1, 2, 3, 4, 5, 6]).path()), [1, 3, 6]);
        assert_eq!(ids(&tree([1, 7, 3, 4, 5, 6]).path()), [1, 2, 4]);
        assert_eq!(ids(&tree([1, 2, 8, 4, 9, 6]).path()), [1, 3, 5]);
        assert_eq!(ids(&Tree::new([]).path()), [] as [i64; 0]);
    }

    #[test]
    fn each_message_knows_what_leads_to_it_and_what_stands_beside_it() {
        let tree = tree([1, 2, 3, 4, 5, 6]);
        assert_eq!(ids(&tree.path_to(MessageId(5))), [1, 3, 5]);
        let forks = tree.forks(&tree.path());
        let of = |it: &Fork| (it.message.0, ids(&it.versions));
        let forks: Vec<_> = forks.iter().map(of).collect();
        assert_eq!(forks, [(3, vec![2, 3]), (6, vec![5, 6])]);
    }

    #[test]
    fn what_follows_a_message_is_all_of_its_branches() {
        let tree = tree([0; 6]);
        assert_eq!(ids(&tree.under(MessageId(3))), [3, 5, 6]);
        assert_eq!(ids(&tree.under(MessageId(1))), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_file_that_goes_in_circles_ends_nothing() {
        let node =
            |id, parent| Node { id: MessageId(id), parent: Some(MessageId(parent)), walked: 0 };
        let tree = Tree::new([node(1, 2), node(2, 1), node(3, 3)]);
        assert_eq!(ids(&tree.path()), [] as [i64; 0]);
        assert_eq!(ids(&tree.path_to(MessageId(2))), [1, 2]);
        assert_eq!(ids(&tree.under(MessageId(3))), [3]);
    }
}
