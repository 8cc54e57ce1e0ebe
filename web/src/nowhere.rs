//! Every address that is none of ours: the page that says so, as of anything that is not there.

use std::sync::Arc;

use poem::error::NotFoundError;
use poem::http::Method;
use poem::{Endpoint, PathPattern, Request, Response, Route};

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// Where programs ask, or browsers load what stands in a page: they get a line of text.
const OF_PROGRAMS: [&str; 9] = [
    "/graphql",
    "/assets",
    "/exports",
    "/healthz",
    "/metrics",
    "/pictures",
    "/readyz",
    "/styles",
    "/webhooks",
];

/// Adds what answers where nothing else does. It is a pattern, not a rest: the rest would take the root, too.
pub(crate) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let page = ask::page(visitor, |_: Arc<Ask>| async { Err(Trouble::NotFound) });
    routes.at("/<^.+$>", Nowhere(page))
}

struct Nowhere<E>(E);

impl<E: Endpoint<Output = Response>> Endpoint for Nowhere<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        // In the log and among the numbers it is no route.
        let unmatched = PathPattern("".into());
        if !is_read || is_of_programs(request.uri().path()) {
            let mut error = poem::Error::from(NotFoundError);
            error.set_data(unmatched);
            return Err(error);
        }
        let mut response = self.0.call(request).await?;
        response.set_data(unmatched);
        Ok(response)
    }
}

fn is_of_programs(path: &str) -> bool {
    let rests = OF_PROGRAMS.iter().filter_map(|start| path.strip_prefix(start));
    rests.into_iter().any(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_ask_for_is_told_by_its_first_part_alone() {
        for path in ["/graphql", "/graphql/", "/assets/old.css", "/exports/a/b"] {
            assert!(is_of_programs(path), "{path}");
        }
        for path in ["/graphqls", "/assetsold", "/nowhere", "/nowhere/assets"] {
            assert!(!is_of_programs(path), "{path}");
        }
    }
}
