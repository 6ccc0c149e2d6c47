### What is asked for, attribute by attribute, in the words of an agent.

wish-fresh-only = hanya angka baru
wish-not-stale = tanpa angka lama
wish-known-only = hanya yang ada angkanya
wish-named = bernama "{ $name }"
# $with: with it, without it, or maybe with it where nobody recorded that.
wish-ventilator = { $with ->
    [with] dengan ventilator
    [maybe] mungkin dengan ventilator (tidak tercatat, tanyakan)
   *[without] tanpa ventilator
}
wish-negative-pressure = { $with ->
    [with] bertekanan negatif
    [maybe] mungkin bertekanan negatif (tidak tercatat, tanyakan)
   *[without] tanpa tekanan negatif
}
wish-age-group = { $group ->
    [adult] untuk dewasa
    [child] untuk anak
    [teen] untuk remaja (12-17 tahun)
    [elder] untuk lansia (60 tahun ke atas)
    [neonate] untuk bayi baru lahir
    [any] untuk semua umur
   *[other] untuk { $group }
}
wish-reserved-for = { $group ->
    [none] tidak khusus
    [covid] khusus COVID-19
   *[other] khusus { $group }
}
wish-all-types = { $name } (semua jenis)
wish-dose = dosis { $dose }
wish-age = usia { $years } tahun
wish-walk-in = { $walk-in ->
    [true] datang langsung
   *[false] dengan pendaftaran
}
# What was counted where nothing fitted. $types and $attributes: what was asked for in particular, or none.
wish-counted = { $types ->
    [none] { $attributes ->
        [none] { $kind ->
            [bed] tempat tidur apa saja
            [isolation] tempat isolasi apa saja
            [vaccination] vaksinasi apa saja
           *[other] { $kind }
        }
       *[other] { $kind ->
            [bed] tempat tidur { $attributes }
            [isolation] tempat isolasi { $attributes }
            [vaccination] vaksinasi, { $attributes }
           *[other] { $kind } { $attributes }
        }
    }
   *[other] { $attributes ->
        [none] { $types }
       *[other] { $types }, { $attributes }
    }
}
