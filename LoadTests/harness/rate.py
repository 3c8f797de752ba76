"""A backlog is worked off: events made, announced on a channel, posted to a destination."""

from .backlog import DELIVERED, EVENTS, Consumer, Destination, fill, rate_until

COUNT = 200_000
POSTED = 50_000
LIMIT_SECONDS = 400


def run(installation, report):
    installation.keep_wal()
    database = installation.database("rate")
    organization = database.organization("alone", "unlimited")
    fill(database, organization, COUNT)
    consumer = Consumer(database)
    events = rate_until(database, EVENTS, COUNT, 120)
    consumer.stop()
    report.add("rate", "events made", f"{events:,.0f}/s")
    report.keep("rate", "events", events)

    database = installation.database("announce")
    organization = database.organization("announced", "unlimited")
    words = ["destination", "create", "--org", organization.name, "--name", "channel", "--kind", "postgres-notify"]
    database.command(*words, "--channel", "load_events")
    fill(database, organization, COUNT)
    consumer = Consumer(database)
    announced = rate_until(database, DELIVERED, COUNT, 120)
    consumer.stop()
    report.add("rate", "events made and announced", f"{announced:,.0f}/s")
    report.keep("rate", "announced", announced)

    with Destination() as destination:
        database = installation.database("post")
        organization = database.organization("posted", "unlimited")
        words = ["destination", "create", "--org", organization.name, "--name", "url", "--url", destination.url]
        database.command(*words, "--allow-private", "--concurrency", "64")
        fill(database, organization, POSTED)
        consumer = Consumer(database)
        posted = rate_until(database, DELIVERED, POSTED, 120)
        report.add("rate", "events made and posted, 64 at a time", f"{posted:,.0f}/s")
        report.keep("rate", "posted", posted)
        consumer.stop()
