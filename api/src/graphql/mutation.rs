//! The frame of a mutation that answers with one thing: error codes, error type, payload and resolver, from one
//! declaration. What it does is the function behind `=>`.

/// Declares a mutation.
///
/// ```text
/// mutation! {
///     /// What it does.
///     CreateQuota::create_quota(CreateQuotaInput) => run;
///     CreateQuotaPayload {
///         /// What it made.
///         quota: Quota
///     }
///     CreateQuotaUserError, CreateQuotaErrorCode { Invalid, NotFound }
/// }
/// ```
#[macro_export]
macro_rules! mutation {
    (
        $(#[$doc:meta])* $mutation:ident :: $method:ident ($input:ty) => $run:path;
        $payload:ident { $(#[$field_doc:meta])* $field:ident: $node:ty }
        $error:ident, $codes:ident { $($code:ident),+ $(,)? }
    ) => {
        $crate::user_errors! {
            /// Why the mutation was refused.
            $error, $codes {$(
                #[doc = concat!("See the message (", stringify!($code), ").")]
                $code
            ),+}
        }

        /// What the mutation did.
        #[derive(async_graphql::SimpleObject, Default)]
        pub struct $payload {
            $(#[$field_doc])*
            $field: Option<$node>,
            /// Why it was refused.
            user_errors: Vec<$error>,
        }

        /// The mutation.
        #[derive(Default)]
        pub struct $mutation;

        #[async_graphql::Object]
        impl $mutation {
            $(#[$doc])*
            async fn $method(
                &self,
                ctx: &async_graphql::Context<'_>,
                input: $input,
            ) -> async_graphql::Result<Option<$payload>> {
                // Boxed: the futures of all mutations would otherwise lie in one.
                Ok(Some(match Box::pin($run(ctx, input)).await {
                    Ok(node) => $payload { $field: Some(node), user_errors: Vec::new() },
                    Err(refused) => {
                        $payload { $field: None, user_errors: $crate::graphql::errors::problems(refused)? }
                    }
                }))
            }
        }
    };
}
