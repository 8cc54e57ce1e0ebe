//! Answers: only to questions of the ticket type, each of its question's kind, all that must be given.

use consentry_domain::{AnswerValue, Day, QuestionId, QuestionKind, TicketTypeId};

use crate::platform::{Code, Problems};
use crate::services::input::{self, Judged};
use crate::services::registration::GivenAnswer;
use crate::services::sales::{Form, Question};

/// Judges those of a new registration: also that none is missing.
pub(super) fn judge(
    form: &Form,
    path: &str,
    ticket_type: TicketTypeId,
    given: &[GivenAnswer],
    problems: &mut Problems,
) -> Vec<(QuestionId, AnswerValue)> {
    let answers = each(form, path, ticket_type, given, problems);
    let path = format!("{path}.answers");
    for question in asked(form, ticket_type).filter(|question| question.row.required) {
        let unread = given
            .iter()
            .any(|answer| answer.question == Some(question.row.id) && !is_blank(answer));
        let label = question.label.pick(None, &form.event.default_locale);
        problems.expect(unread, &path, Code::Required, format!("“{label}” has to be answered."));
    }
    let said = answers.into_iter().filter(|(_, value)| !value.is_blank());
    said.collect()
}

/// Judges changed ones: what is not named stays, a blank one takes the answer away where it need not be given.
pub(in super::super) fn judge_changed(
    form: &Form,
    ticket_type: TicketTypeId,
    given: &[GivenAnswer],
    problems: &mut Problems,
) -> Vec<(QuestionId, AnswerValue)> {
    let answers = each(form, "", ticket_type, given, problems);
    for (index, answer) in given.iter().enumerate().filter(|(_, answer)| is_blank(answer)) {
        let Some(question) = asked(form, ticket_type).find(|question| Some(question.row.id) == answer.question) else {
            continue;
        };
        let label = question.label.pick(None, &form.event.default_locale);
        let message = format!("“{label}” has to be answered.");
        problems.expect(
            !question.row.required,
            format!("answers.{index}.value"),
            Code::Required,
            message,
        );
    }
    answers
}

fn asked(form: &Form, ticket_type: TicketTypeId) -> impl Iterator<Item = &std::sync::Arc<Question>> {
    form.questions
        .iter()
        .filter(move |question| question.belongs_to(ticket_type))
}

/// Each one that is given, blank ones included.
fn each(
    form: &Form,
    path: &str,
    ticket_type: TicketTypeId,
    given: &[GivenAnswer],
    problems: &mut Problems,
) -> Vec<(QuestionId, AnswerValue)> {
    let path = format!("{path}.answers");
    let mut answers: Vec<(QuestionId, AnswerValue)> = Vec::new();
    for (index, answer) in given.iter().enumerate() {
        let Some(question) = asked(form, ticket_type).find(|question| Some(question.row.id) == answer.question) else {
            let message = "This is not asked of whoever has this ticket type.";
            problems.add(format!("{path}.{index}.questionId"), Code::NotFound, message);
            continue;
        };
        let twice = answers.iter().any(|(id, _)| *id == question.row.id);
        if !problems.expect(
            !twice,
            format!("{path}.{index}.questionId"),
            Code::Invalid,
            "This is answered twice.",
        ) {
            continue;
        }
        match value(question, answer) {
            Ok(value) => answers.push((question.row.id, value)),
            Err((field, (code, message))) => problems.add(format!("{path}.{index}.{field}"), code, message),
        }
    }
    answers
}

fn is_blank(answer: &GivenAnswer) -> bool {
    answer.choices.is_empty() && answer.value.as_deref().is_none_or(|value| value.trim().is_empty())
}

/// Judges one answer; the field that is wrong with why it is.
fn value(question: &Question, answer: &GivenAnswer) -> Result<AnswerValue, (&'static str, (Code, String))> {
    let kind = question.row.kind;
    if matches!(kind, QuestionKind::Choice | QuestionKind::MultipleChoice) {
        let expected = || {
            (
                "value",
                (Code::Invalid, "Name the choices by their ids, in choiceIds.".to_owned()),
            )
        };
        if answer.value.as_deref().is_some_and(|value| !value.trim().is_empty()) {
            return Err(expected());
        }
        return choices(question, answer).map_err(|error| ("choiceIds", error));
    }
    if !answer.choices.is_empty() {
        return Err(("choiceIds", (Code::Invalid, "This is answered in value.".to_owned())));
    }
    let Some(given) = answer.value.as_deref().filter(|value| !value.trim().is_empty()) else {
        return Ok(AnswerValue::default());
    };
    let value = written(kind, given).map_err(|error| ("value", error))?;
    Ok(AnswerValue(vec![value]))
}

/// Judges a written answer of this kind; as it is kept.
pub(super) fn written(kind: QuestionKind, given: &str) -> Judged<String> {
    let invalid = |message: &str| (Code::Invalid, message.to_owned());
    match kind {
        QuestionKind::LongText => input::paragraphs(given, 5000),
        QuestionKind::Number => number(given.trim()).ok_or_else(|| invalid("A number is expected: 12 or -0.5.")),
        QuestionKind::YesNo => match given.trim() {
            yes_or_no @ ("true" | "false") => Ok(yes_or_no.to_owned()),
            _ => Err(invalid("true or false is expected.")),
        },
        QuestionKind::Date => {
            let day = Day::parse(given.trim()).ok_or_else(|| invalid("A day is expected: 2027-03-01."))?;
            Ok(day.to_string())
        }
        QuestionKind::Country => input::country(given),
        QuestionKind::Phone => input::phone(given),
        QuestionKind::Url => input::url(given),
        QuestionKind::Text | QuestionKind::Choice | QuestionKind::MultipleChoice => input::line(given, 500),
    }
}

/// A decimal number as it is kept: at most 15 digits before the point and 6 behind it, without needless zeros.
fn number(given: &str) -> Option<String> {
    let (sign, digits) = given.strip_prefix('-').map_or(("", given), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number =
        |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole, 15) || !is_number(fraction, 6) {
        return None;
    }
    let whole = Some(whole.trim_start_matches('0'))
        .filter(|whole| !whole.is_empty())
        .unwrap_or("0");
    let fraction = fraction.trim_end_matches('0');
    let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

/// The ids of what was chosen, in the question's order.
fn choices(question: &Question, answer: &GivenAnswer) -> Judged<AnswerValue> {
    let known = |id: &Option<_>| question.choices.iter().any(|choice| Some(choice.id) == *id);
    if !answer.choices.iter().all(known) {
        return Err((Code::NotFound, "There is no such choice.".to_owned()));
    }
    if question.row.kind == QuestionKind::Choice && answer.choices.len() > 1 {
        return Err((Code::Invalid, "Only one can be chosen.".to_owned()));
    }
    let chosen = question
        .choices
        .iter()
        .filter(|choice| answer.choices.contains(&Some(choice.id)));
    Ok(AnswerValue(chosen.map(|choice| choice.id.to_string()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_without_needless_zeros() {
        for (given, kept) in [
            ("12", "12"),
            ("-0.50", "-0.5"),
            ("007", "7"),
            ("0", "0"),
            ("-0.0", "0"),
            ("1.", ""),
        ] {
            assert_eq!(
                number(given).as_deref(),
                Some(kept).filter(|kept| !kept.is_empty()),
                "{given}"
            );
        }
        for wrong in [
            "",
            "-",
            ".5",
            "1e9",
            "1,5",
            "+1",
            "٣",
            "1.2.3",
            "1234567890123456",
            "0.1234567",
            "NaN",
        ] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_kind_accepts_its_own_form_only() {
        let cases = [
            (QuestionKind::YesNo, "true", "yes"),
            (QuestionKind::Date, "2027-02-28", "2027-02-29"),
            (QuestionKind::Country, "DE", "XX"),
            (QuestionKind::Phone, "+49 30 123456", "call me"),
            (QuestionKind::Url, "https://example.org/x", "javascript:alert(1)"),
            (QuestionKind::Text, "a word", "two\nlines"),
            (QuestionKind::LongText, "two\nlines", "a\u{0}b"),
        ];
        for (kind, right, wrong) in cases {
            assert_eq!(written(kind, right).as_deref(), Ok(right), "{kind}");
            assert_eq!(
                written(kind, wrong).map_err(|(code, _)| code),
                Err(Code::Invalid),
                "{kind}"
            );
        }
    }
}
