//! The documents that the pages about one registration run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    PersonPage "src/organizer/people/one.graphql"
    PersonKnown "src/organizer/people/known.graphql"
    CorrectPlace "src/organizer/people/correct.graphql"
    CancelPlace "src/organizer/people/cancel.graphql"
    Restrict "src/organizer/people/restrict.graphql"
    LiftRestriction "src/organizer/people/lift_restriction.graphql"
    Quarantine "src/organizer/people/quarantine.graphql"
    LiftQuarantine "src/organizer/people/lift_quarantine.graphql"
    TakePerson "src/organizer/people/take.graphql"
    PersonAsked "src/organizer/people/asked.graphql"
    ErasePerson "src/organizer/people/erase.graphql"
    ProofPage "src/organizer/people/proof.graphql"
}
