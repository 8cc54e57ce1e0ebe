// Reads calendar files with ical.js: one JSON text per line of standard input, one JSON answer per line.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

for await (const line of createInterface({ input: process.stdin })) {
    const file = new ICAL.Component(ICAL.parse(JSON.parse(line)));
    const events = file.getAllSubcomponents("vevent").map((component) => {
        const event = new ICAL.Event(component, { strictExceptions: true });
        return {
            uid: event.uid,
            sequence: event.sequence,
            start: event.startDate.toJSDate().toISOString(),
            end: event.endDate.toJSDate().toISOString(),
            stamp: component.getFirstPropertyValue("dtstamp").toJSDate().toISOString(),
            summary: event.summary,
            status: component.getFirstPropertyValue("status"),
            location: event.location,
            url: component.getFirstPropertyValue("url"),
            properties: component.getAllProperties().map((property) => property.name.toUpperCase()).sort(),
        };
    });
    console.log(JSON.stringify({ method: file.getFirstPropertyValue("method"), events }));
}
