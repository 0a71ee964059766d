//! Pictures in a request: read as those of the page are, before anything is answered.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::body::{Body, Content, Part};
use super::problem::Problem;
use crate::files::{Content as Read, Reader, Unread};

/// The most pictures of a request.
const MOST: usize = 16;

/// Makes of every picture what stands in a message. Gives whether there are any.
pub async fn read(body: &mut Body, files: &Reader) -> Result<bool, Problem> {
    let mut n_pictures = 0;
    for message in &mut body.messages {
        let Content::Parts(parts) = &mut message.content else { continue };
        for part in parts {
            let Part::ImageUrl { image_url } = part else { continue };
            n_pictures += 1;
            if MOST < n_pictures {
                return Err(Problem::Invalid(format!("Up to {MOST} pictures can be sent at once")));
            }
            let name = format!("picture {n_pictures}");
            *part = Part::Picture(one(&name, &image_url.url, files).await?);
        }
    }
    Ok(0 < n_pictures)
}

async fn one(name: &str, url: &str, files: &Reader) -> Result<String, Problem> {
    let invalid = |says: &str| Problem::Invalid(format!("{name}: {says}"));
    let data = url.strip_prefix("data:image/").and_then(|it| it.split_once(";base64,"));
    let Some((_, base64)) = data else {
        return Err(invalid(
            "Wick fetches nothing from elsewhere. Send it as data:image/jpeg;base64,…",
        ));
    };
    let file = BASE64_STANDARD.decode(base64).map_err(|_| invalid("it is no base64"))?;
    let unread = |err: Unread| invalid(&err.to_string());
    let read = files.turn().await.map_err(unread)?.read(&file).await.map_err(unread)?;
    match read {
        Read::Picture { .. } => Ok(read.attached(name)),
        Read::Pages { .. } => Err(invalid("it is a PDF and no picture")),
    }
}
