### The titles of problems: the same for every occurrence of a code.

## Titles of problems with a question

problem-unknown-region = There is no such region
problem-invalid-region-code = This is not a region code
problem-ambiguous-region = The name of the region is ambiguous
problem-region-code-without-dots = The region code needs its dots
problem-bps-code = This looks like a BPS code
problem-unknown-type = There is no such resource type
problem-ambiguous-type = this name means several types
problem-invalid-type-code = This is not a type code
problem-unknown-facility = There is no such facility
problem-ambiguous-facility = this name means several facilities
problem-unknown-contact = There is no such contact
problem-unknown-key = There is no such key
problem-unknown-link = There is no such link
problem-unknown-mark = There is no such mark
problem-unknown-room = There is no such room
problem-unknown-parameter = There is no such parameter
problem-invalid-parameter = A parameter cannot be read
problem-parameters-disagree = Two parameters do not go together
problem-unknown-word = No resource type uses this word
problem-limit-out-of-range = The limit is out of range
problem-invalid-cursor = The cursor cannot be used
problem-cursor-of-another-query = The cursor belongs to another question
problem-invalid-coordinates = The coordinates cannot be used
problem-unknown-session = There is no such session
problem-not-kept = This is no longer kept
problem-unknown-seq = The directory has no such change
problem-as-of-in-future = The moment lies in the future

## Titles of problems with a report

problem-negative-count = A count is negative
problem-count-too-large = A count is too large
problem-count-not-whole = A count is not a whole number
problem-number-as-text = A number was sent as text
problem-above-capacity = The numbers exceed the capacity
problem-observed-in-future = The observation lies in the future
problem-invalid-time = The time cannot be read
problem-nothing-reported = The report is empty
problem-nothing-to-adjust = There is no known number to adjust
problem-confirm-jump = The number is far from the one before
problem-already-claimed = Somebody is phoning them already
problem-confirm-hold = Every free place is held
problem-too-many-marks = Too many marks stand at the facility
problem-facility-closed = The facility is closed
problem-duplicate-row = The same number is reported twice
problem-rooms-together = The rooms of a type are added up
problem-likely-duplicate = The facility is probably there already
problem-all-rows-refused = Every row was refused
problem-incomplete-row = The row is incomplete
problem-too-many-rows = Too many rows in one request
problem-no-occurrence = The session is not held that day
problem-session-over = The session is over
problem-too-many-rooms = The facility has too many rooms

## Titles of problems with a change

problem-invalid-date = The date cannot be used
problem-invalid-schedule = The session's days or hours cannot be
problem-invalid-url = The link cannot be used
problem-too-many-sessions = The facility has too many sessions
problem-invalid-text = A text cannot be used
problem-invalid-word = A word cannot be used
problem-invalid-phone = The phone number cannot be used
problem-invalid-external-id = The external id cannot be used
problem-external-id-taken = Another facility has this external id
problem-missing-field = A field is missing
problem-unknown-field = There is no such field
problem-invalid-field = A field cannot be read
problem-version-mismatch = It was changed by somebody else meanwhile
problem-idempotency-key-reused = The idempotency key was used for another request
problem-invalid-idempotency-key = The idempotency key cannot be used

## Titles of problems with a key

problem-key-required = A key is required
problem-key-invalid = The key is not valid
problem-key-expired = The key has expired
problem-key-revoked = The key was revoked
problem-role-not-allowed = The key's role may not do this
problem-outside-scope = This is outside the key's scope
problem-provider-refused = The provider does not confirm who this is
problem-provider-unavailable = The provider of sign-ins does not answer

## Titles of problems with a request

problem-invalid-body = The body cannot be read
problem-invalid-encoding = The text is not UTF-8
problem-body-too-large = The body is too large
problem-unsupported-media-type = The body's media type is not supported
problem-not-acceptable = No acceptable representation
problem-not-found = There is nothing here
problem-method-not-allowed = The method is not allowed here
problem-request-timeout = The request took too long

## Titles of problems of the server

problem-unavailable = Writing is not possible right now
problem-history-unavailable = The history cannot be read right now
problem-too-many-requests = You have sent too many of these
problem-overloaded = Too many requests at once
problem-behind = This node does not show your last change yet
problem-internal = Something went wrong here
