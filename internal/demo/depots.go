package demo

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// depotTable has the stores at which shipments arrive, and the workshops.
var depotTable = []struct {
	kind         fleet.PlaceKind
	code, parent fleet.PlaceCode
	name, urdu   string
}{
	{fleet.Store, "ST-LHR", "PK617", "Lahore Store", "لاہور سٹور"},
	{fleet.Store, "ST-ISB", "PK401", "Islamabad Store", "اسلام آباد سٹور"},
	{fleet.Store, "ST-KHI", "PK714", "Karachi Store", "کراچی سٹور"},
	{fleet.Workshop, "WS-MZD", "PK107", "Muzaffarabad Workshop", "مظفر آباد ورکشاپ"},
	{fleet.Workshop, "WS-QTA", "PK226", "Quetta Workshop", "کوئٹہ ورکشاپ"},
	{fleet.Workshop, "WS-GLT", "PK305", "Gilgit Workshop", "گلگت ورکشاپ"},
	{fleet.Workshop, "WS-ISB", "PK401", "Islamabad Workshop", "اسلام آباد ورکشاپ"},
	{fleet.Workshop, "WS-PEW", "PK528", "Peshawar Workshop", "پشاور ورکشاپ"},
	{fleet.Workshop, "WS-LHR", "PK617", "Lahore Workshop", "لاہور ورکشاپ"},
	{fleet.Workshop, "WS-KHI", "PK702", "Karachi Workshop", "کراچی ورکشاپ"},
}

// depot is the depot with the code, which there has to be.
func depot(code fleet.PlaceCode) atlas.Place {
	all := depots()
	return all[slices.IndexFunc(all, func(p atlas.Place) bool { return p.Code == code })]
}

func depots() []atlas.Place {
	places := make([]atlas.Place, len(depotTable))
	for i, d := range depotTable {
		places[i] = atlas.Place{Parent: d.parent, Place: fleet.Place{
			Kind: d.kind, State: fleet.Active, Code: d.code, Name: d.name, NameUrdu: d.urdu,
		}}
	}
	return places
}
