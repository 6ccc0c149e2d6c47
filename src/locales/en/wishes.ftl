### What is asked for, attribute by attribute, in the words of an agent.

wish-fresh-only = fresh numbers only
wish-not-stale = no old numbers
wish-known-only = known numbers only
wish-named = named "{ $name }"
# $with: with it, without it, or maybe with it where nobody recorded that.
wish-ventilator = { $with ->
    [with] with ventilator
    [maybe] maybe with ventilator (not recorded, ask)
   *[without] without ventilator
}
wish-negative-pressure = { $with ->
    [with] with negative pressure
    [maybe] maybe with negative pressure (not recorded, ask)
   *[without] without negative pressure
}
wish-age-group = { $group ->
    [adult] for adults
    [child] for children
    [teen] for teenagers (12 to 17)
    [elder] for people of 60 and over
    [neonate] for newborns
    [any] for any age
   *[other] for { $group }
}
wish-reserved-for = { $group ->
    [none] not reserved
    [covid] for COVID-19
   *[other] for { $group }
}
wish-all-types = { $name } (all kinds)
wish-dose = dose { $dose }
wish-age = age { $years }
wish-walk-in = { $walk-in ->
    [true] walk-in
   *[false] by booking
}
# What was counted where nothing fitted. $types and $attributes: what was asked for in particular, or none.
wish-counted = { $types ->
    [none] { $attributes ->
        [none] { $kind ->
            [bed] any bed
            [isolation] any isolation place
            [vaccination] any vaccination
           *[other] { $kind }
        }
       *[other] { $kind ->
            [bed] bed { $attributes }
            [isolation] isolation place { $attributes }
            [vaccination] vaccination, { $attributes }
           *[other] { $kind } { $attributes }
        }
    }
   *[other] { $attributes ->
        [none] { $types }
       *[other] { $types }, { $attributes }
    }
}
