// How the public schema is linted: everything that @graphql-eslint recommends for schemas, and its rules for Relay.
// An option that differs from the recommendation says why. `tests/run` runs this on /schema.graphql and wants no finding.
'use strict';

const path = require('node:path');
const graphql = require('@graphql-eslint/eslint-plugin');

const plugin = graphql.default ?? graphql;
const recommended = plugin.configs['flat/schema-recommended'].rules;
const relay = plugin.configs['flat/schema-relay'].rules;
const [level, naming] = recommended['@graphql-eslint/naming-convention'];

module.exports = [
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: plugin.parser,
      parserOptions: { graphQLConfig: { schema: path.join(__dirname, '../../schema.graphql') } },
    },
    plugins: { '@graphql-eslint': plugin },
    rules: {
      ...recommended,
      ...relay,

      '@graphql-eslint/naming-convention': [
        level,
        {
          ...naming,
          // A ticket type is called so by everybody who sells tickets; the recommendation means `UserType` for a user.
          'ObjectTypeDefinition,ObjectTypeExtension': { forbiddenPrefixes: ['Type'] },
        },
      ],
      '@graphql-eslint/relay-arguments': [
        'error',
        {
          // Forward only. Partners see leads in a random order, whose end means nothing, and every page is a range read
          // from a cursor on: a second direction would double what has to be proved about both.
          includeBoth: false,
        },
      ],
      '@graphql-eslint/relay-edge-types': [
        'error',
        {
          withEdgeSuffix: true,
          // Some connections hold values that cannot be asked for one by one.
          shouldImplementNode: false,
          // Small closed lists (an event's ticket types, questions, partners; a lead's fields) are plain lists, for a
          // connection promises pages. And connections offer `nodes`, which saves a fifth of a page's cost.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          acceptedIdNames: ['id'],
          acceptedIdTypes: ['ID'],
          exceptions: {
            // The shapes of Relay, results of mutations and their errors wrap what has an id.
            suffixes: ['Connection', 'Edge', 'Payload', 'Error'],
            types: [
              // Values: read with what carries them, the same wherever they are equal.
              'Money',
              'PageInfo',
              'Picture',
              'AddedPicture',
              'LinkedOrderOffers',
              'PostalAddress',
              'Venue',
              'PrivacyNotice',
              'BankTransferInstructions',
              'BankAccountDetails',
              'StripeAccount',
              'LocalizedText',
              // Parts of one thing, never asked for without it.
              'Answer',
              // Of a place, which it names; and found by its name.
              'Badge',
              'RosterView',
              // How far something is, of what it belongs to.
              'EventCancellation',
              'RosterFetch',
              'MyData',
              // Of an account: how it is locked, and what waits to lock it.
              'AccountProtection',
              'PreparedAuthenticator',
              'MyDataTable',
              'OfferedField',
              'OrderHistoryEntry',
              'PartnerField',
              'PreviewField',
              'RegistrationConsents',
              'RosterAnswer',
              'LeadField',
              'OrderedPlace',
              // What lies on a device without a network: it tells of nobody.
              'DoorLine',
              'DoorSnapshot',
              // Counts: they stand for many rows.
              'RegistrationCount',
              'DayCount',
              'CheckInCount',
              'MoneyStatistics',
              'OrderCount',
              'PaymentCount',
              'ConsentStatistics',
              'ComplaintCounts',
              'DoorTally',
              'OfferConsentCount',
              'FieldConsentCount',
              // Computed when asked: they stand for no row.
              'Quote',
              'QuoteLine',
              'Erasure',
              'PersonErasure',
              'LinkedWebinar',
              'QuoteProblem',
              'ConsentIssue',
              'OfferDifference',
              'TextDifference',
              'PublishProblem',
              'EventStatistics',
              // What a secret opens; whoever holds the secret gets no id from it that would open more.
              'EmailConfirmation',
              'GuardianRequest',
              'RegistrationSummary',
              'LinkedDoor',
              // Staff's view of one thing: that thing has the id. A version is named by its offer and number.
              'ManagedOfferVersion',
              'ManagedEventSession',
              'ManagedQuestion',
              'ManagedSpeaker',
              'ManagedTicketType',
              // The partner's view of the same; a place has one draft for each purpose.
              'OwnOfferVersion',
              'OfferDraft',
              // A token, or a device, with its secret: the token or the device has the id. A device's session is its own.
              'IssuedToken',
              'ShownDoorDevice',
              'DoorSession',
              // An audience's door: what is behind it has ids.
              'PartnerAccess',
              'Door',
              'PartnerAdministration',
              'ManagedOrganization',
              // The registration's id is its entry's; both are parts of it.
              'ManagedRegistration',
              'RegistrationDetails',
            ],
          },
        },
      ],
    },
  },
];
