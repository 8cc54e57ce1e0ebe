//! Stripe's errors, sorted by what the caller must do. Their messages stop here: they can quote what was sent.

use stripe::StripeError;

use super::ProviderError;

/// Sorts Stripe's errors by what is to be done. Drops their messages.
pub(super) fn sorted(error: &StripeError) -> ProviderError {
    match error {
        StripeError::Stripe(details, status) => {
            let code = details
                .code
                .as_ref()
                .map_or_else(|| details.type_.as_str().to_owned(), |code| code.as_str().to_owned());
            match status {
                401 | 403 => ProviderError::Misconfigured { code },
                409 | 424 | 429 | 500..=599 => ProviderError::Unavailable { status: Some(*status) },
                _ if details.type_.as_str() == "idempotency_error" => ProviderError::Unexpected {
                    what: "an idempotency key was used for another request",
                },
                _ => ProviderError::Refused {
                    code,
                    param: details.param.clone(),
                },
            }
        }
        StripeError::Timeout | StripeError::ClientError(_) => ProviderError::Unavailable { status: None },
        // async-stripe's words for an error that is not Stripe's JSON: a proxy's page.
        StripeError::JSONDeserialize(what) if what == "error deserializing Stripe error" => {
            ProviderError::Unavailable { status: None }
        }
        StripeError::JSONDeserialize(_) => ProviderError::Unexpected {
            what: "an answer's form",
        },
        StripeError::ConfigError(_) => ProviderError::Misconfigured {
            code: "unusable_configuration".to_owned(),
        },
    }
}
