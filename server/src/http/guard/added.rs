//! Names and pages that a person adds to those that are answered.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use axum::http::uri::{Authority, Uri};
use serde::Deserialize;

/// What was added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Names under which the page is answered, too.
    pub hosts: Arc<[HostName]>,
    /// Pages of others that may use the models, with a key.
    pub origins: Arc<[Origin]>,
}

/// A name of this computer, such as `wick.home`, which stands for our own port and for none; or with a port,
/// such as `wick.home:8443`, for exactly that.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostName(String);

/// Where a page is from, such as `https://notes.example`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(String);

/// Why something can't be added, as a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// It is no name.
    #[error("“{0}” is no name of a computer. It looks like wick.home or wick.home:8443")]
    Host(String),
    /// It is not where pages are from.
    #[error(
        "“{0}” is not where a page is from. That looks like https://notes.example or http://localhost:3000"
    )]
    Origin(String),
}

impl Added {
    /// Whether this is a name that was added, where we are at this port.
    pub fn has_host(&self, host: &str, port: u16) -> bool {
        self.hosts.iter().any(|HostName(name)| {
            let rest =
                host.get(name.len()..).filter(|_| host[..name.len()].eq_ignore_ascii_case(name));
            match rest {
                Some("") => true,
                Some(rest) => !has_port(name) && rest == format!(":{port}"),
                None => false,
            }
        })
    }

    /// Whether pages from there were added.
    pub fn has_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|it| it.0 == origin)
    }
}

impl Origin {
    /// As browsers send it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn has_port(host: &str) -> bool {
    host.rsplit(':').next().is_some_and(|it| it.parse::<u16>().is_ok()) && host.contains(':')
}

/// A name and maybe a port, as browsers send them; nobody's password, no pattern.
fn is_host(text: &str) -> bool {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-._:[]".contains(it);
    text.chars().all(is_plain) && text.parse::<Authority>().is_ok_and(|it| !it.host().is_empty())
}

impl FromStr for HostName {
    type Err = AddError;

    fn from_str(text: &str) -> Result<HostName, AddError> {
        if !is_host(text) {
            return Err(AddError::Host(text.into()));
        }
        Ok(HostName(text.to_ascii_lowercase()))
    }
}

impl FromStr for Origin {
    type Err = AddError;

    fn from_str(text: &str) -> Result<Origin, AddError> {
        let (scheme, host) = text.split_once("://").unwrap_or_default();
        let usual = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => return Err(AddError::Origin(text.into())),
        };
        // Browsers leave the usual port out.
        let is_right = is_host(host) && !host.ends_with(usual) && text.parse::<Uri>().is_ok();
        if !is_right {
            return Err(AddError::Origin(text.into()));
        }
        Ok(Origin(text.to_ascii_lowercase()))
    }
}

impl TryFrom<String> for HostName {
    type Error = AddError;

    fn try_from(text: String) -> Result<HostName, AddError> {
        text.parse()
    }
}

impl TryFrom<String> for Origin {
    type Error = AddError;

    fn try_from(text: String) -> Result<Origin, AddError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(hosts: &[&str]) -> Added {
        let hosts = hosts.iter().map(|it| it.parse().expect("it is a name")).collect();
        Added { hosts, ..Added::default() }
    }

    #[test]
    fn a_name_stands_for_our_port_and_one_with_a_port_for_that() {
        let added = added(&["Wick.home", "other.home:8443", "[fd00::1]"]);
        for host in
            ["wick.home", "WICK.HOME:8080", "other.home:8443", "[fd00::1]", "[fd00::1]:8080"]
        {
            assert!(added.has_host(host, 8080), "{host}");
        }
        for host in [
            "",
            "wick.hom",
            "wick.home:8081",
            "wick.home.evil.test",
            "wick.home.",
            "evil.wick.home",
            "other.home",
            "other.home:8080",
            "other.home:8443:8080",
            "wick.homé",
            "[fd00::1]:80",
        ] {
            assert!(!added.has_host(host, 8080), "{host}");
        }
    }

    #[test]
    fn what_is_no_name_or_no_page_is_not_added() {
        for text in [
            "",
            "*",
            "*.home",
            "http://wick.home",
            "wick.home/",
            "a b",
            "me@wick.home",
            ":80",
            "a:b:c",
        ] {
            assert!(text.parse::<HostName>().is_err(), "{text}");
        }
        for text in [
            "",
            "*",
            "null",
            "notes.example",
            "https://",
            "https://notes.example/",
            "https://notes.example:443",
            "https://*.example",
            "file://notes",
            "https://me@notes.example",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
        let origin: Origin = "https://Notes.example:8443".parse().expect("it is one");
        assert_eq!(origin.as_str(), "https://notes.example:8443");
    }
}
