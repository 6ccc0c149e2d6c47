"""Uses the client that openapi-python-client makes of the API document: no main answer is left out of it."""

import os

from sedia_client import AuthenticatedClient, Client
from sedia_client.api.ask import beds, facilities, isolation, overview, search, types, vaccinations
from sedia_client.api.call import leave_mark, list_marks
from sedia_client.api.follow import changes
from sedia_client.api.report import put_availability
from sedia_client.models import (
    AvailabilityInput,
    AvailabilityInputValues,
    BedsAnswer,
    ChangesAnswer,
    FacilitiesAnswer,
    MarkInputNote,
    MarkInputNoteKind,
    MarksAnswer,
    Numbers,
    OverviewAnswer,
    Problem,
    ReportReceipt,
    SearchAnswer,
    TypesAnswer,
    VaccinationsAnswer,
    Verdict,
)

client = Client(base_url=os.environ["SEDIA"])
reporter = AuthenticatedClient(base_url=os.environ["SEDIA"], token=os.environ["KEY"])
ID = "kemenkes:3374012"

asked = beds.sync(client=client, region="33.74", type_=["bed.icu", "bed.hcu"], min_=0)
assert isinstance(asked, BedsAnswer), asked
assert asked.facilities[0].availability[0].available in (3, 4), asked.facilities[0]
assert asked.facilities[0].address is None
assert isinstance(isolation.sync(client=client, region="33.74"), BedsAnswer)
assert isinstance(vaccinations.sync(client=client, region="33.74"), VaccinationsAnswer)
assert isinstance(facilities.sync(client=client), FacilitiesAnswer)
assert isinstance(overview.sync("33", client=client), OverviewAnswer)
assert isinstance(search.sync(client=client, q="rs"), SearchAnswer)
assert isinstance(types.sync(client=client), TypesAnswer)

refused = beds.sync(client=client, region="99")
assert isinstance(refused, Problem) and refused.code == "unknown_region", refused

values = AvailabilityInputValues()
values["bed.icu"] = Numbers(capacity=10, available=4)
put = put_availability.sync(ID, client=reporter, body=AvailabilityInput(values=values))
assert isinstance(put, ReportReceipt) and put.accepted == ["bed.icu"], put

note = MarkInputNote(kind=MarkInputNoteKind.NOTE, verdict=Verdict.WRONG, type_="bed.icu", by="Siti")
left = leave_mark.sync(ID, client=reporter, body=note)
assert not isinstance(left, Problem) and left is not None and left.by == "Siti", left
listed = list_marks.sync(client=reporter)
assert isinstance(listed, MarksAnswer) and listed.marks[0].verdict == Verdict.WRONG, listed

log = changes.sync(client=client, after=put.version - 1)
assert isinstance(log, ChangesAnswer) and any(change.kind.value == "report" for change in log.changes), log
print("Python: nothing left out of the main answers, and used")
