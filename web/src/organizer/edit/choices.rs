//! What can be chosen, as rows of a form: `choices.3.label.en`, `choices.3.label.de`, and `choices.3.id` of one that is
//! there already. A row without words is none.

use std::collections::HashMap;

use super::documents::edited_questions::EditedQuestionsOrganizationEventQuestionsQuestionChoices as Kept;
use crate::fields::Problem;
use crate::form::Form;
use crate::organizer::sheet::{Field, Sheet};
use crate::organizer::texts::{self, written};

/// What a new question has room for, and what a press of the button adds.
const ROOM: usize = 4;

/// The API takes no more.
const MOST: usize = 200;

/// One choice with its words by language.
pub(super) struct Choice {
    pub(super) id: Option<String>,
    pub(super) label: Vec<(String, String)>,
    /// Its row in the form.
    row: usize,
}

/// Writes those that there are into a form.
pub(super) fn keep(form: &mut Form, choices: &[Kept]) {
    for (row, choice) in choices.iter().enumerate() {
        form.set(&name(row, "id"), &choice.id);
        texts::keep(form, &name(row, "label"), written!(choice.labels));
    }
}

/// Those that were typed, with the languages of which the form does not know.
pub(super) fn typed(form: &Form, kept: &Form) -> Vec<Choice> {
    let places: HashMap<&str, usize> = (0..MOST).map(|row| (kept.text(&name(row, "id")), row)).collect();
    let rows = (0..MOST).map(|row| {
        let id = form.filled(&name(row, "id"));
        // Somebody may have put them in another order meanwhile.
        let its = id.as_deref().and_then(|id| places.get(id));
        let label = name(row, "label");
        Choice {
            label: match its {
                Some(place) => texts::typed((form, &label), (kept, &name(*place, "label"))),
                None => texts::texts_of(form, form, &label),
            },
            id,
            row,
        }
    });
    rows.filter(|choice| !choice.label.is_empty()).collect()
}

/// The names of the rows' fields, for what the API says of them.
pub(super) fn names() -> Vec<String> {
    let languages = |row| [name(row, "label.en"), name(row, "label.de")];
    (0..MOST).flat_map(languages).collect()
}

/// What the API says of the second that was sent stands in the row of the second that was typed; what it says of all of
/// them, in the first.
pub(super) fn placed(problem: Problem, choices: &[Choice]) -> Problem {
    if problem.field == "choices" {
        return Problem::new(name(0, "label.en"), problem.message);
    }
    let place = problem.field.strip_prefix("choices.").and_then(|rest| {
        let (index, rest) = rest.split_once('.')?;
        let choice = choices.get(index.parse::<usize>().ok()?)?;
        Some(name(choice.row, rest))
    });
    match place {
        Some(place) => Problem::new(place, problem.message),
        None => problem,
    }
}

/// The rows: those with words, and room for more.
pub(super) fn rows(sheet: &Sheet) -> Vec<Vec<Field>> {
    let filled = typed(sheet.form, sheet.kept).last().map_or(0, |last| last.row + 1);
    let sent = (0..MOST).filter(|row| sheet.form.has(&name(*row, "label.en"))).count();
    let more = if sheet.form.has("more") { sent + ROOM } else { sent };
    let count = more.max(filled + 2).clamp(ROOM, MOST);
    let row = |row| {
        let mut fields = sheet.texts(&name(row, "label"), ["edit-choice-en", "edit-choice-de"], "text");
        if sheet.form.has(&name(row, "id")) {
            fields.push(sheet.carried(&name(row, "id")));
        }
        fields
    };
    (0..count).map(row).collect()
}

fn name(row: usize, what: &str) -> String {
    format!("choices.{row}.{what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(usize, &str, &str)]) -> Form {
        let mut form = Form::default();
        for (row, what, text) in fields {
            form.set(&name(*row, what), text);
        }
        form
    }

    #[test]
    fn rows_without_words_are_none_and_one_keeps_what_it_was() {
        let form = form(&[
            (0, "id", "a"),
            (0, "label.en", "Beef"),
            (1, "id", "b"),
            (1, "label.en", " "),
            (3, "label.de", "Käse"),
        ]);
        let found = typed(&form, &form);
        let found: Vec<_> = found.iter().map(|it| (it.id.as_deref(), it.label.clone())).collect();
        let text = |locale: &str, text: &str| vec![(locale.to_owned(), text.to_owned())];
        assert_eq!(found, [(Some("a"), text("en", "Beef")), (None, text("de", "Käse"))]);
    }

    #[test]
    fn what_the_api_says_of_a_choice_stands_in_its_row() {
        let form = form(&[(0, "label.en", "Beef"), (3, "label.de", "Käse")]);
        let choices = typed(&form, &form);
        let placed = |field: &str| placed(Problem::new(field, "…"), &choices).field;
        assert_eq!(placed("choices.0.label.en"), "choices.0.label.en");
        assert_eq!(placed("choices.1.label.de"), "choices.3.label.de");
        assert_eq!(placed("choices"), "choices.0.label.en");
        assert_eq!(placed("choices.9.label.en"), "choices.9.label.en");
        assert_eq!(placed("label.en"), "label.en");
    }
}
