//! Answers, whole or in pieces.

use std::future::ready;
use std::time::Duration;

use axum::extract::{FromRequest, Request as HttpRequest, State};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::body::Body;
use super::pictures;
use super::problem::Problem;
use super::shape::Head;
use super::wanted::Wanted;
use crate::access::Program;
use crate::engine::frame::Owner;
use crate::engine::{EngineError, Event, Generation, Keep, Request};
use crate::files::Reader;
use crate::http::Limits;
use crate::hub::Hub;

/// How long nothing may be sent. Proxies take a longer silence for the end.
const SILENCE: Duration = Duration::from_secs(15);

/// `POST /v1/chat/completions`. A program that goes away drops what is returned here, and with it
/// the [`Generation`], which cancels the answer.
pub async fn complete(
    State(hub): State<Hub>,
    Extension(limits): Extension<Limits>,
    Extension(program): Extension<Option<Program>>,
    Extension(files): Extension<Reader>,
    request: HttpRequest,
) -> Result<Response, Problem> {
    let body = timeout(limits.body, Json::<Body>::from_request(request, &()));
    let Json(mut body) = body.await.map_err(|_| Problem::Slow(limits.body))??;
    let has_pictures = pictures::read(&mut body, &files).await?;
    let Wanted { model, turns, begun, sampling, own, ignore_end, in_pieces, with_usage } =
        Wanted::try_from(body)?;
    let model = hub.model_called(&model).await?;
    let name = hub.offered_name(&model);
    if program.as_ref().is_some_and(|it| !it.may_use(&model.id)) {
        return Err(Problem::OtherModel(name));
    }
    if has_pictures && model.eyes.is_none() {
        return Err(Problem::Invalid(format!("{name} can't see pictures")));
    }
    let head = Head::new(name);
    let gone = program.map(|it| it.gone().clone()).unwrap_or_default();
    let sampling = own.with(sampling, &hub.usual_of(&model.id));
    let owner = Owner::default();
    let request = Request {
        model,
        owner,
        turns,
        begun,
        sampling,
        ignore_end,
        keep: Keep::default(),
        anyway: false,
    };
    let generation = hub.generate(request)?;
    if in_pieces {
        pieces(generation, gone, head, with_usage).await
    } else {
        gone.run_until_cancelled(whole(generation, head)).await.unwrap_or(Err(Problem::NoKey))
    }
}

async fn whole(mut generation: Generation, head: Head) -> Result<Response, Problem> {
    let mut text = String::new();
    loop {
        match generation.next().await? {
            Event::Text(more) => text.push_str(&more),
            Event::Done(why, usage) => {
                return Ok(Json(head.whole(text, why, &usage)).into_response());
            }
            Event::Waiting(_)
            | Event::Loading(_)
            | Event::Reading { .. }
            | Event::Looking { .. } => (),
        }
    }
}

/// The answer ends where it is when the key of the program is worth nothing any more.
async fn pieces(
    generation: Generation,
    gone: CancellationToken,
    head: Head,
    with_usage: bool,
) -> Result<Response, Problem> {
    let events = events(generation).take_until(gone.cancelled_owned());
    let mut events = Box::pin(events.peekable());
    // What can't be answered has a status of its own, as long as that is known in time.
    let failed = timeout(SILENCE, events.as_mut().next_if(Result::is_err)).await;
    if let Ok(Some(Err(err))) = failed {
        return Err(err.into());
    }
    let first = stream::iter([sse::Event::default().json_data(head.first())]);
    let rest = events.flat_map(move |event| stream::iter(sent(event, &head, with_usage)));
    let keep_alive = KeepAlive::new().interval(SILENCE).text("waiting");
    Ok(Sse::new(first.chain(rest)).keep_alive(keep_alive).into_response())
}

/// What happens to an answer from the reading of its prompt on.
fn events(generation: Generation) -> impl Stream<Item = Result<Event, EngineError>> {
    stream::unfold(Some(generation), async |generation| {
        let mut generation = generation?;
        let event = generation.next().await;
        let is_last = matches!(event, Ok(Event::Done(..)) | Err(_));
        Some((event, (!is_last).then_some(generation)))
    })
    .filter(|event| ready(!matches!(event, Ok(Event::Waiting(_) | Event::Loading(_)))))
}

fn sent(
    event: Result<Event, EngineError>,
    head: &Head,
    with_usage: bool,
) -> Vec<Result<sse::Event, axum::Error>> {
    let piece = || sse::Event::default();
    match event {
        Ok(Event::Text(text)) => vec![piece().json_data(head.more(text))],
        Ok(Event::Done(why, usage)) => {
            let mut last = vec![piece().json_data(head.end(why))];
            if with_usage {
                last.push(piece().json_data(head.usage(&usage)));
            }
            last.push(Ok(piece().data("[DONE]")));
            last
        }
        Ok(
            Event::Waiting(_) | Event::Loading(_) | Event::Reading { .. } | Event::Looking { .. },
        ) => Vec::new(),
        // The status was sent already: programs look for this object in the stream.
        Err(err) => vec![piece().json_data(Problem::from(err).shape())],
    }
}
