### Answers to text messages: short, because a text message is.

message-unknown-sender = This number is not one that reports, so nothing is stored. Ask the coordinator of your region to add it.
# $known: the numbers of the facility as they would be written, or none.
message-form = { $facility }: write the type, how many are free, a slash, how many there are; separate with commas. For example: ICU 3/10, K3 5, IGD FULL.{ $known ->
    [none] {""}
   *[other] {" "}Known: { $known }.
}
message-unread = Not understood: { $unread }. Nothing is stored. For example: ICU 3/10, K3 5, IGD FULL. Answer ? for help.
message-without-text = Not understood: only text can be read, no picture or voice. Nothing is stored. For example: ICU 3/10, K3 5, IGD FULL. Answer ? for help.
message-twice = { $label } is named twice, so nothing is stored. Send one number again.
message-too-long = The message is longer than { $most } characters, so nothing is stored. Send the numbers alone, such as ICU 3/10, K3 5.
message-nothing-asked = No numbers wait for a YES. Send the report, such as ICU 3/10; if it really is far from before, YES ICU 3/10.
message-refused = Not stored: { $detail }
# $lines: a message-line for each type.
message-jump = Not stored yet, because it is far from before: { $lines }. If it is right, answer YES; if not, send it again.
message-stored = Stored for { $facility }: { $lines }.
message-late = A newer report of { $facility } is known, so this goes into the history: { $lines }.
# $free, $used, $capacity, $queue: the numbers, or none where the message did not say one. $before: how many were free, or none
# where nobody knew.
message-line = { $label }{ $free ->
    [none] {""}
   *[other] {" "}{ $free } free
}{ $used ->
    [none] {""}
   *[other] {" "}{ $used } in use
}{ $capacity ->
    [none] {""}
   *[other] {" "}of { $capacity }
}{ $queue ->
    [none] {""}
   *[other] {" "}{ $queue } waiting
}{ $free ->
    [none] {" "}(not said how many are free)
   *[other] { $before ->
        [none] {" "}(before: not known)
       *[other] {" "}(before: { $before })
    }
}
