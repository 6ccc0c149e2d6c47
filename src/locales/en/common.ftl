### What several texts share.

# Between the items of a list; the braces keep the space.
list-separator = ,{ " " }
# The end of a list of choices: $before is one item or several, $last the last one.
list-choice = { $before } or { $last }
