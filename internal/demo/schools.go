package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// MaxSchools is how many schools can be made up before codes run out.
const MaxSchools = 150_000

// Islamabad's codes have three digits, so it cannot have more schools than this.
const islamabadSchools = 600

// Schools makes up n schools, in the order of their tehsils. Every district has
// some, and the more people live in it the more.
func Schools(seed uint64, n int) ([]atlas.Place, error) {
	c, err := loadCountry()
	if err != nil {
		return nil, err
	}
	return c.schools(seed, n)
}

func (c *country) schools(seed uint64, n int) ([]atlas.Place, error) {
	names, err := loadGrammar()
	if err != nil {
		return nil, err
	}
	b := &builder{country: c, seed: seed, names: names, emis: emisCodes{}, schools: make([]atlas.Place, 0, n)}
	for i, share := range c.shares(n) {
		b.district(i, &c.Districts[i], share)
	}
	b.emis.assign(c, b.schools)
	return b.schools, nil
}

// shares says how many of n schools each district has: first a few each, then by
// population, the remainders going to the largest fractions.
func (c *country) shares(n int) []int {
	floor := min(4, n/len(c.Districts))
	out, fractions := make([]int, len(c.Districts)), make([]float64, len(c.Districts))
	people, left := 0, n
	for i, d := range c.Districts {
		people += d.Population
		if d.Population > 0 {
			out[i], left = floor, left-floor
		}
	}
	order := make([]int, len(c.Districts))
	shared := left
	for i, d := range c.Districts {
		want := float64(shared) * float64(d.Population) / float64(people)
		if d.Parent == atlas.Islamabad {
			want = min(want, islamabadSchools-float64(floor))
		}
		whole := math.Floor(want)
		out[i], fractions[i], order[i], left = out[i]+int(whole), want-whole, i, left-int(whole)
	}
	sort.SliceStable(order, func(a, b int) bool { return fractions[order[a]] > fractions[order[b]] })
	for k := 0; left > 0; k, left = k+1, left-1 {
		i := order[k%len(order)]
		if d := &c.Districts[i]; d.Population == 0 || d.Parent == atlas.Islamabad {
			left++
			continue
		}
		out[i]++
	}
	return out
}

// builder makes schools, one district after the other.
type builder struct {
	country *country
	seed    uint64
	names   grammar
	emis    emisCodes
	schools []atlas.Place
}

func (b *builder) district(i int, d *atlas.District, n int) {
	r := source(b.seed, schoolStream, i)
	seen := map[string]int{}
	for t, count := range b.perTehsil(r, d, n) {
		for range count {
			b.schools = append(b.schools, b.school(r, d, &d.Tehsils[t], seen))
		}
	}
}

// perTehsil spreads n schools over the district's tehsils; the one that has the
// district's name has twice as many as another.
func (b *builder) perTehsil(r *rand.Rand, d *atlas.District, n int) []int {
	var lots []int
	for t := range d.Tehsils {
		lots = append(lots, t)
		if d.Tehsils[t].Name == d.Name {
			lots = append(lots, t)
		}
	}
	out := make([]int, len(d.Tehsils))
	for range n {
		out[lots[r.IntN(len(lots))]]++
	}
	return out
}

func (b *builder) school(r *rand.Rand, d *atlas.District, t *atlas.Tehsil, seen map[string]int) atlas.Place {
	p := atlas.Place{Parent: t.Code, Place: fleet.Place{Kind: fleet.School, State: fleet.Active}}
	level := levels[pick(r, levelWeights)]
	p.Level, p.Gender = level.name, gender(r, d.Parent, level)
	name := b.name(r, d, t, level, p.Gender)
	if seen[name.en]++; seen[name.en] > 1 {
		name = name.join(text{"No.", "نمبر"}).join(number(seen[name.en]))
	}
	p.Name, p.NameUrdu = name.en, name.ur
	p.Enrolment = level.pupils(r)
	p.Electricity, p.Internet = services(r, d.Parent, level)
	p.Latitude, p.Longitude = near(r, t)
	p.Phone = fmt.Sprintf("0300-000%04d", r.IntN(10_000))
	return p
}

func (b *builder) name(r *rand.Rand, d *atlas.District, t *atlas.Tehsil, l schoolLevel, gender string) text {
	town, style := text{t.Name, t.NameUrdu}, b.country.traits[d.Code].style
	if urban(t.Name) && r.IntN(4) > 0 && style != "karachi" {
		style = "city"
	}
	if strings.Contains(t.Name, "Town") || strings.Contains(t.Name, "Tribal") {
		town = text{d.Name, d.NameUrdu}
	}
	n := &namer{grammar: b.names, rand: r, district: string(d.Code), town: town}
	return schoolType(d.Parent, l, gender).join(n.name(style))
}

func urban(tehsil string) bool {
	return slices.ContainsFunc([]string{"City", "Saddar", "Cantt", "Town"}, func(word string) bool {
		return strings.Contains(tehsil, word)
	})
}

// near is a point in the tehsil: no farther from its middle than its border is.
func near(r *rand.Rand, t *atlas.Tehsil) (lat, lon float64) {
	const kmPerDegree = 111.0
	far := t.Reach * 0.95 / kmPerDegree * math.Sqrt(r.Float64())
	sin, cos := math.Sincos(2 * math.Pi * r.Float64())
	lat = t.Latitude + far*sin
	lon = t.Longitude + far*cos/math.Cos(lat*math.Pi/180)
	return math.Round(lat*1e5) / 1e5, math.Round(lon*1e5) / 1e5
}
