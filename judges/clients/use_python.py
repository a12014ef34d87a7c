"""What a caller does with the generated client: every kind of answer comes back as a typed value."""

import os
import uuid
from typing import Any

from lms.api.rooms import (
    create_room,
    delete_room_by_external_id,
    get_room_by_external_id,
    list_rooms,
    set_room_status,
    upsert_room_by_external_id,
)
from lms.api.training_days import get_training_day, update_training_day
from lms.client import AuthenticatedClient, Client
from lms.models import (
    CreatedRoom,
    Problem,
    ProblemCode,
    Room,
    RoomCreate,
    RoomCreateType,
    RoomList,
    RoomStatus,
    RoomStatusStatus,
    RoomUpsert,
    TrainingDay,
    TrainingDayUpdate,
    UpdatedTrainingDay,
)

DAY = uuid.UUID("4728d47a-c96a-11ed-97ec-b6c48b3dc692")
gateway, key = os.environ["GATEWAY"], os.environ.get("GATEWAY_KEY")
# The document of a gateway with keys makes a client that cannot be built without one; of the other it is any.
client: Any = AuthenticatedClient(gateway, key) if key else Client(gateway)
own_id = f"python-{uuid.uuid4()}"

room = RoomCreate(type_=RoomCreateType.PHYSICAL_ROOM, external_id=own_id, name="Aula Ñ", capacity=30)
first = create_room.sync_detailed(client=client, body=room, idempotency_key=own_id)
again = create_room.sync_detailed(client=client, body=room, idempotency_key=own_id)
assert first.status_code == 201 and isinstance(first.parsed, CreatedRoom), first
assert again.headers["Idempotent-Replayed"] == "true" and again.headers["Location"] == first.headers["Location"], again
assert isinstance(first.parsed.id, str)

shown = get_room_by_external_id.sync_detailed(own_id, client=client, request_timeout=5.0)
assert isinstance(shown.parsed, Room) and shown.parsed.name == "Aula Ñ", shown
etag = shown.headers["ETag"]
unchanged = get_room_by_external_id.sync_detailed(own_id, client=client, if_none_match=etag)
assert unchanged.status_code == 304 and unchanged.parsed is None, unchanged

change = RoomUpsert(name="Aula Ñ", capacity=40)
replaced = upsert_room_by_external_id.sync_detailed(own_id, client=client, body=change, if_match=etag)
assert replaced.status_code == 204, replaced
stale = upsert_room_by_external_id.sync_detailed(own_id, client=client, body=change, if_match=etag)
assert isinstance(stale.parsed, Problem) and stale.parsed.code == ProblemCode.PRECONDITION_FAILED, stale
status = set_room_status.sync_detailed(first.parsed.id, client=client, body=RoomStatus(status=RoomStatusStatus.INACTIVE))
assert status.status_code == 204, status

page = list_rooms.sync(client=client, limit=2)
assert isinstance(page, RoomList) and len(page.items) == 2 and isinstance(page.next_cursor, str), page
following = list_rooms.sync(client=client, cursor=page.next_cursor)
assert isinstance(following, RoomList) and following.items[0].id != page.items[0].id, following

# Its own check of the pattern a generated client leaves to us; the problem comes back typed.
room.external_id = "a/b"
refused = create_room.sync(client=client, body=room)
assert isinstance(refused, Problem) and refused.code == ProblemCode.VALIDATION_FAILED, refused
assert isinstance(refused.errors, list) and refused.errors[0].pointer == "/external_id", refused

link = update_training_day.sync(DAY, client=client, body=TrainingDayUpdate(url="https://meet.example/python"))
assert isinstance(link, UpdatedTrainingDay) and link.url == "https://meet.example/python", link
day = get_training_day.sync(DAY, client=client)
assert isinstance(day, TrainingDay) and day.url == link.url, day
uncached = get_training_day.sync(DAY, client=client, cache_control="only-if-cached")
assert isinstance(uncached, Problem) and uncached.code == ProblemCode.NOT_IN_CACHE, uncached

deleted = delete_room_by_external_id.sync_detailed(own_id, client=client)
assert deleted.status_code == 204, deleted
gone = get_room_by_external_id.sync(own_id, client=client)
assert isinstance(gone, Problem) and gone.code == ProblemCode.ROOM_NOT_FOUND, gone

if key:
    stranger: Any = AuthenticatedClient(gateway, "wrong")
    unknown = list_rooms.sync_detailed(client=stranger)
    assert unknown.status_code == 401 and isinstance(unknown.parsed, Problem), unknown
    assert unknown.parsed.code == ProblemCode.UNAUTHENTICATED and unknown.headers["WWW-Authenticate"], unknown
