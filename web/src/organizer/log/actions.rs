//! What the log can tell of, by the names that the API writes, and each in words.

use crate::frame::Frame;

/// Every name, by what it is about. A test holds them together with those that the API writes.
pub(crate) const ACTIONS: &[&str] = &[
    "createEvent",
    "copyEvent",
    "updateEvent",
    "publishEvent",
    "closeEvent",
    "cancelEvent",
    "archiveEvent",
    "createEventSession",
    "updateEventSession",
    "removeEventSession",
    "addPicture",
    "createSpeaker",
    "updateSpeaker",
    "removeSpeaker",
    "createTicketType",
    "updateTicketType",
    "archiveTicketType",
    "moveTicketType",
    "createQuota",
    "updateQuota",
    "createLegalDocument",
    "createQuestion",
    "updateQuestion",
    "archiveQuestion",
    "moveQuestion",
    "createPartner",
    "updatePartner",
    "addEventPartner",
    "updateEventPartner",
    "invitePartnerMember",
    "updatePartnerMember",
    "removePartnerMember",
    "requestOffer",
    "reviseOffer",
    "approveOffer",
    "rejectOffer",
    "withdrawOffer",
    "issuePartnerToken",
    "claimPartnerToken",
    "revokePartnerToken",
    "viewRoster",
    "printBadges",
    "exportRoster",
    "downloadRosterExport",
    "viewOrders",
    "viewDoor",
    "takeDoorSnapshot",
    "checkIn",
    "undoCheckIn",
    "addDoorDevice",
    "renewDoorDeviceLink",
    "removeDoorDevice",
    "redeemDoorDevice",
    "leaveDoor",
    "correctRegistration",
    "updateRegistration",
    "confirmAddressChange",
    "cancelRegistration",
    "cancelOrder",
    "orderPaid",
    "orderExpired",
    "markOrderPaid",
    "refundDue",
    "settleRefund",
    "reopenRefund",
    "paymentOfWrongAmount",
    "setProviderAccount",
    "updateOrganization",
    "viewConsentProof",
    "restrictPerson",
    "liftRestriction",
    "quarantineRegistration",
    "liftQuarantine",
    "fileComplaint",
    "viewComplaints",
    "viewComplaint",
    "answerComplaint",
    "exportMyData",
    "requestErasure",
    "exportPersonData",
    "erasePerson",
    "viewMails",
    "resendMail",
    "inviteTeamMember",
    "updateTeamMember",
    "removeTeamMember",
    "ownerLink",
];

/// An action in words; nothing for one that is not known here.
pub(in crate::organizer) fn words(frame: &Frame, action: &str) -> Option<String> {
    let is_known = ACTIONS.contains(&action);
    is_known.then(|| frame.say(&format!("action-{action}")))
}

/// Every action with its words, in the order of these.
pub(super) fn choices(frame: &Frame) -> Vec<(String, String)> {
    let named = |action: &&str| Some(((*action).to_owned(), words(frame, action)?));
    let mut choices: Vec<(String, String)> = ACTIONS.iter().filter_map(named).collect();
    choices.sort_by(|(_, one), (_, other)| one.cmp(other));
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn every_action_has_words_of_its_own_in_every_language() {
        for language in Language::ALL {
            let frame = Frame::new(language, String::new(), String::new());
            let choices = choices(&frame);
            assert_eq!(choices.len(), ACTIONS.len());
            for (action, words) in &choices {
                assert!(!words.contains(action), "{}: {action}", language.code());
            }
            assert!(choices.windows(2).all(|two| two[0].1 != two[1].1), "{choices:?}");
            assert_eq!(words(&frame, "sangALullaby"), None);
        }
    }
}
