//! What attendees and staff change of a registration is the same list of fields; it is written down once.

/// Declares the input of a mutation that changes a registration.
macro_rules! registration_change {
    ($(#[$doc:meta])* $input:ident { $(#[$id_doc:meta])* registration_id, $(#[$email_doc:meta])* email }) => {
        $(#[$doc])*
        #[derive(async_graphql::InputObject)]
        pub struct $input {
            $(#[$id_doc])*
            registration_id: async_graphql::ID,
            /// The registration's revision as it was read.
            revision: i64,
            /// The whole name.
            full_name: Option<String>,
            /// The given name.
            given_name: Option<String>,
            /// The family name.
            family_name: Option<String>,
            $(#[$email_doc])*
            email: Option<String>,
            /// The telephone number.
            phone: Option<String>,
            /// The company.
            company: Option<String>,
            /// The job title.
            job_title: Option<String>,
            /// The town.
            city: Option<String>,
            /// ISO 3166-1 alpha-2.
            country: Option<String>,
            /// The postal address; one whose parts are all blank takes it away.
            postal_address: Option<$crate::graphql::public::AddressInput>,
            /// A page about them.
            social_profile: Option<String>,
            /// Only where the event asks for it. Age was judged when something was decided: a date that makes somebody
            /// older widens nothing, one that makes somebody younger ends what they gave under age.
            date_of_birth: Option<$crate::graphql::scalars::Date>,
            /// The language of what is written to them from now on.
            locale: Option<$crate::graphql::scalars::Locale>,
            /// Answers that change; every other stays, and a blank one takes the answer away.
            #[graphql(default)]
            answers: Vec<$crate::graphql::public::AnswerInput>,
        }

        impl $input {
            fn change(self, organization: consentry_domain::OrganizationId) -> $crate::services::registration::change::Change {
                $crate::services::registration::change::Change {
                    full_name: self.full_name,
                    given_name: self.given_name,
                    family_name: self.family_name,
                    email: self.email,
                    phone: self.phone,
                    company: self.company,
                    job_title: self.job_title,
                    city: self.city,
                    country: self.country,
                    postal_address: self.postal_address.map(Into::into),
                    social_profile: self.social_profile,
                    date_of_birth: self.date_of_birth.map(|date| date.0),
                    locale: self.locale.map(|locale| locale.0),
                    answers: self.answers.into_iter().map(|answer| answer.given(organization)).collect(),
                }
            }
        }
    };
}

pub(crate) use registration_change;
