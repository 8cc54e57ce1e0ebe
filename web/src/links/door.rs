//! `/door/<secret>`: a device that is going to let people in. Whatever looks at the address uses nothing up; the button does.

use fluent_bundle::FluentValue;

use super::documents::{LinkedDoor, RedeemDoorDevice, linked_door, redeem_door_device};
use super::shown::Shown;
use crate::ask::Ask;
use crate::format::moment;
use crate::trouble::Trouble;
use crate::words::vars;

pub(super) async fn open(ask: &Ask) -> Result<Shown, Trouble> {
    let variables = linked_door::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let Some(door) = ask.visitor.ask::<LinkedDoor>(variables).await?.linked_door else {
        return Ok(Shown::gone(ask));
    };
    let say = |key| ask.language.say(key);
    let until = moment(ask.language, &door.ends_at, &door.time_zone);
    let what = vars([
        ("event", FluentValue::from(door.title.as_str())),
        ("until", FluentValue::from(until.as_str())),
    ]);
    let words = vec![ask.language.say_with("door-link-words", &what), say("door-link-once")];
    Ok(Shown {
        facts: vec![(say("device-name"), door.device_name)],
        button: Some(say("door-link-button")),
        ..Shown::new(say("door-link-title"), words)
    })
}

/// Signs this browser in as the device.
pub(super) async fn act(ask: &Ask) -> Result<Shown, Trouble> {
    let variables = redeem_door_device::Variables {
        secret: ask.param("secret").to_owned(),
    };
    let payload = ask.visitor.ask::<RedeemDoorDevice>(variables).await?;
    let session = payload.redeem_door_device.and_then(|payload| payload.session);
    Ok(match session {
        Some(session) => Shown {
            session: Some((session.secret, "/door".to_owned())),
            ..Shown::new(ask.language.say("signed-in"), Vec::new())
        },
        None => Shown::gone(ask),
    })
}
