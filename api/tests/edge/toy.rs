//! A schema and credentials to test the edge with: it knows neither the real ones.

use std::time::Duration;

use async_graphql::{
    Context, EmptySubscription, Error, ErrorExtensions, Object, OutputType, Positioned, Schema, ServerResult, Value,
};
use consentry::config::{Limits, Server};
use consentry::http::{
    App, AuthenticationError, Authenticator, Edge, Identity, Introspection, Metrics, NotReady, RawJsonAllowed,
    Readiness, RequestMeta,
};
use consentry::platform::store::Entropy;

/// Queries, each with a way to go right or wrong.
pub struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &str {
        "world"
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn double(&self, number: i32) -> i32 {
        number * 2
    }

    async fn client(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<RequestMeta>().client.to_string()
    }

    async fn who(&self, ctx: &Context<'_>) -> String {
        ctx.data_opt::<Who>().map_or("nobody", |who| who.0).to_owned()
    }

    async fn nested(&self) -> Query {
        Query
    }

    /// A fault nobody gave a code: its text must stay inside.
    async fn fails(&self) -> Result<Option<i32>, Error> {
        Err(Error::new_with_source(std::io::Error::other(
            "db: select * from canary failed at /srv/canary.db",
        )))
    }

    async fn fails_badly(&self) -> Result<i32, Error> {
        Err(Error::new("canary: no code, no source"))
    }

    async fn refuses(&self) -> Result<Option<i32>, Error> {
        Err(Error::new("Sign in first.").extend_with(|_, extensions| {
            extensions.set("code", "UNAUTHENTICATED");
            extensions.set("tracing", "canary");
        }))
    }

    async fn panics(&self) -> Option<i32> {
        Some(defect())
    }

    async fn sleeps(&self) -> &str {
        tokio::time::sleep(Duration::from_secs(600)).await;
        "awake"
    }

    async fn naps(&self) -> &str {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "awake"
    }

    async fn large(&self, bytes: i32) -> String {
        "x".repeat(usize::try_from(bytes).unwrap_or_default())
    }

    async fn raw(&self) -> Raw {
        Raw
    }
}

fn defect() -> i32 {
    panic!("canary: a defect")
}

/// Mutations.
pub struct Mutation;

#[Object]
impl Mutation {
    async fn touch(&self) -> bool {
        true
    }

    async fn sign_in(&self, code: i32) -> bool {
        code == 1
    }
}

/// A value that is JSON already.
pub struct Raw;

impl OutputType for Raw {
    fn type_name() -> std::borrow::Cow<'static, str> {
        String::type_name()
    }

    fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
        <String as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _: &async_graphql::ContextSelectionSet<'_>,
        _: &Positioned<async_graphql::parser::types::Field>,
    ) -> ServerResult<Value> {
        Ok(Value::Binary(br#"{"ready":[1,2]}"#.to_vec().into()))
    }
}

struct Who(&'static str);

/// Credentials by name: `good`, `other`, `raw`; `down` cannot be looked up; all others are of no use.
pub struct Names {
    /// Whether somebody without a credential may ask for the schema.
    pub anonymous: Introspection,
}

impl Authenticator for Names {
    async fn authenticate(&self, bearer: Option<&str>, _: &RequestMeta) -> Result<Identity, AuthenticationError> {
        let known = |name: &'static str, raw: bool| Identity {
            rate_key: Some(name.to_owned()),
            introspection: Introspection::Allowed,
            token_factor: 1,
            attach: Box::new(move |request| {
                let request = request.data(Who(name));
                if raw { request.data(RawJsonAllowed) } else { request }
            }),
        };
        match bearer {
            None => Ok(Identity {
                introspection: self.anonymous,
                ..Identity::anonymous()
            }),
            Some("good") => Ok(known("good", false)),
            Some("other") => Ok(known("other", false)),
            Some("raw") => Ok(known("raw", true)),
            Some("down") => Err(AuthenticationError::Unavailable),
            Some(_) => Err(AuthenticationError::Refused),
        }
    }
}

/// Ready or not.
pub struct Answer(pub Result<(), NotReady>);

impl Readiness for Answer {
    async fn ready(&self) -> Result<(), NotReady> {
        self.0
    }
}

/// The edge around the toy.
pub fn edge(server: &Server, limits: &Limits, anonymous: Introspection, pages: Option<poem::Route>) -> Edge {
    // The schema's own suggestions stay on: the edge has to take them out.
    let schema = Schema::build(Query, Mutation, EmptySubscription).finish();
    App {
        executor: schema,
        authenticator: Names { anonymous },
        readiness: Answer(Ok(())),
        server,
        limits,
        single_mutations: vec!["signIn"],
        pages,
        entropy: Entropy::System,
        metrics: Metrics::new(),
    }
    .build()
}
