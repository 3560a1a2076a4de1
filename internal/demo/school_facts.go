package demo

import (
	"math"
	"math/rand/v2"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// schoolLevel is what a school teaches up to, with the facts that follow from it.
type schoolLevel struct {
	name     string
	letters  string // in the short name: GPS, GGHS
	urdu     string
	grades   text    // Islamabad names its schools by their grades
	median   float64 // pupils
	internet float64 // share that has it where there is electricity
	classes  []string
}

var levels = []schoolLevel{
	{"primary", "PS", "پرائمری", text{"(I-V)", "اول تا پنجم"}, 95, 0.10, []string{"3-A", "4-A", "5-A"}},
	{"middle", "MS", "مڈل", text{"(I-VIII)", "اول تا ہشتم"}, 190, 0.25, []string{"6-A", "7-A", "8-A"}},
	{"high", "HS", "ہائی", text{"(VI-X)", "ششم تا دہم"}, 480, 0.60, []string{"8-A", "9-A", "9-B", "10-A", "10-B"}},
	{"higher_secondary", "HSS", "ہائر سیکنڈری", text{"(VI-XII)", "ششم تا بارہویں"}, 820, 0.80, []string{"9-A", "10-A", "11-A", "11-B", "12-A"}},
}

var levelWeights = []int{62, 16, 17, 5}

// pick chooses an index with the chance of its weight.
func pick(r *rand.Rand, weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	n := r.IntN(total)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return 0
}

func (l schoolLevel) pupils(r *rand.Rand) uint32 {
	return uint32(math.Round(l.median * math.Exp(0.5*r.NormFloat64()))) // far below the limit
}

// gender is boys, girls or mixed. Only primary schools are mixed.
func gender(r *rand.Rand, province fleet.PlaceCode, l schoolLevel) string {
	weights := []int{53, 47, 0}
	switch {
	case l.name == "primary" && province == atlas.Islamabad:
		weights = []int{36, 32, 32}
	case l.name == "primary":
		weights = []int{50, 38, 12}
	}
	return []string{"boys", "girls", "mixed"}[pick(r, weights)]
}

// electrified is the share of primary schools that have electricity.
var electrified = map[fleet.PlaceCode]float64{
	atlas.AzadKashmir: 0.60, atlas.Balochistan: 0.30, atlas.GilgitBaltistan: 0.65, atlas.Islamabad: 1, atlas.KhyberPakhtunkhwa: 0.80, atlas.Punjab: 0.96, atlas.Sindh: 0.50,
}

func services(r *rand.Rand, province fleet.PlaceCode, l schoolLevel) (electricity, internet fleet.Known) {
	share := electrified[province]
	if l.name != "primary" {
		share += (1 - share) / 2
	}
	power, line, unknown := r.Float64() < share, r.Float64() < l.internet, r.IntN(40) == 0
	if unknown {
		return fleet.Unknown, fleet.Unknown
	}
	return known(power), known(power && line)
}

func known(yes bool) fleet.Known {
	if yes {
		return fleet.Yes
	}
	return fleet.No
}

// schoolType is how a school's name begins where it is: GGPS, GBPS, IMSG (I-V).
func schoolType(province fleet.PlaceCode, l schoolLevel, gender string) text {
	switch province {
	case atlas.Islamabad:
		return modelSchool(l, gender)
	case atlas.Punjab, atlas.KhyberPakhtunkhwa:
		return government(l.inProvince(province), gender, "")
	default:
		return government(l.inProvince(province), gender, "B")
	}
}

// inProvince is the level under the name that the province has for it.
func (l schoolLevel) inProvince(province fleet.PlaceCode) schoolLevel {
	if l.name == "middle" {
		switch province {
		case atlas.Punjab:
			l.letters, l.urdu = "ES", "ایلیمنٹری"
		case atlas.Balochistan:
			l.letters = "MIDS"
		case atlas.Sindh:
			l.letters, l.urdu = "LSS", "لوئر سیکنڈری"
		}
	}
	return l
}

// government is the name of a government school; boys is the letter, if any,
// that marks one for boys.
func government(l schoolLevel, gender, boys string) text {
	t := text{"G" + l.letters, "گورنمنٹ"}
	switch {
	case gender == "girls":
		t = text{"GG" + l.letters, "گورنمنٹ گرلز"}
	case gender == "boys" && boys != "":
		t = text{"G" + boys + l.letters, "گورنمنٹ بوائز"}
	}
	t.ur += " " + l.urdu + " سکول"
	return t
}

// modelSchool is the name of a federal school of Islamabad.
func modelSchool(l schoolLevel, gender string) text {
	letter, kind := "S", "سکول"
	if l.name == "higher_secondary" {
		letter, kind = "C", "کالج"
	}
	t := text{"IM" + letter, "اسلام آباد ماڈل " + kind}
	switch gender {
	case "boys":
		t = text{t.en + "B", t.ur + " برائے طلبہ"}
	case "girls":
		t = text{t.en + "G", t.ur + " برائے طالبات"}
	}
	if letter == "C" {
		return t
	}
	return t.join(l.grades)
}
