module github.com/takhti-edu/takhti/scripts/mutants

go 1.26
