//! Documents that pages run, typed from the schema when this crate is compiled.

/// Declares documents by name and file; each file holds one operation of that name.
macro_rules! documents {
    ($($name:ident $path:tt)*) => {$(
        #[derive(GraphQLQuery)]
        #[graphql(
            schema_path = "../schema.graphql",
            query_path = $path,
            response_derives = "Debug, Clone, PartialEq",
            variables_derives = "Debug, Clone"
        )]
        pub(super) struct $name;
    )*};
}
