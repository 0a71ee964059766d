//! Which models there are.

use std::time::UNIX_EPOCH;

use axum::extract::{Path, State};
use axum::{Extension, Json};
use serde::Serialize;

use super::problem::Problem;
use crate::access::Program;
use crate::hub::{Hub, Offered};

/// All models that can be used.
#[derive(Serialize)]
pub struct List {
    object: &'static str,
    data: Vec<Model>,
}

/// One of them.
#[derive(Serialize)]
pub struct Model {
    id: String,
    object: &'static str,
    /// In seconds since 1970; 0 where the system does not say it.
    created: u64,
    owned_by: &'static str,
}

/// `GET /v1/models`
pub async fn list(
    State(hub): State<Hub>,
    Extension(program): Extension<Option<Program>>,
) -> Json<List> {
    let data = offered(&hub, program.as_ref()).await.into_iter().map(Model::from).collect();
    Json(List { object: "list", data })
}

/// `GET /v1/models/{name}`
pub async fn one(
    State(hub): State<Hub>,
    Extension(program): Extension<Option<Program>>,
    Path(name): Path<String>,
) -> Result<Json<Model>, Problem> {
    let model = offered(&hub, program.as_ref()).await.into_iter().find(|it| it.name == name);
    let model = model.ok_or_else(|| Problem::NoModel(format!("There is no model {name}")))?;
    Ok(Json(model.into()))
}

/// The models that a program may know of.
async fn offered(hub: &Hub, program: Option<&Program>) -> Vec<Offered> {
    let mut models = hub.offered_models().await;
    models.retain(|it| program.is_none_or(|program| program.may_use(&it.id)));
    models
}

impl From<Offered> for Model {
    fn from(model: Offered) -> Self {
        let age = model.changed.and_then(|changed| changed.duration_since(UNIX_EPOCH).ok());
        Model {
            id: model.name,
            object: "model",
            created: age.map_or(0, |age| age.as_secs()),
            owned_by: "wick",
        }
    }
}
