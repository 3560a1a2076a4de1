package workbook

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
)

// sources are the columns that other systems and offices write, and what is read
// from them. Columns that are not listed are left alone.
var sources = []struct {
	name   string
	kind   Kind
	header string // separated by |
	read   map[columnID]string
}{
	{
		"Snipe-IT, sample", Devices,
		"Company|Name|Asset Tag|Category|Supplier|Manufacturer|Location|Order Number|Model|Model Notes|Model Number|Asset Notes|Purchase Date|Purchase Cost|Checkout Type|Checked Out To: Username|Checked Out To: First Name|Checked Out To: Last Name|Checked Out To: Email|Checked Out To: Location|Asset EOL Date|Serial Number",
		map[columnID]string{colTag: "Asset Tag", colName: "Location", colPO: "Order Number", colModel: "Model", colPrice: "Purchase Cost", colSerial: "Serial Number"},
	},
	{
		"Snipe-IT, export", Devices,
		"ID|Company|Asset Name|Asset Tag|Serial|Model|Model No.|Category|Status|Checked Out To|Location|Default Location|Purchased|Purchase Cost|Order Number|Warranty|Warranty Expires|Manufacturer|Supplier|EOL Rate|EOL Date|Notes",
		map[columnID]string{colTag: "Asset Tag", colSerial: "Serial", colModel: "Model", colStatus: "Status", colName: "Location", colPrice: "Purchase Cost", colPO: "Order Number", colWarranty: "Warranty Expires"},
	},
	{
		"Google Admin console", Devices,
		"Serial number|Status|Organizational unit|Model|Asset ID|Location|User|Most recent user|Notes|MAC address|Ethernet MAC address|Chrome OS version|Boot mode|Auto-update expiration date|Enrollment time|Most recent policy sync",
		map[columnID]string{colSerial: "Serial number", colStatus: "Status", colModel: "Model", colTag: "Asset ID", colName: "Location", colMAC: "MAC address"},
	},
	{
		"GAM, print cros", Devices,
		"deviceId|serialNumber|status|lastSync|annotatedUser|annotatedLocation|annotatedAssetId|notes|model|orderNumber|osVersion|macAddress|orgUnitPath|recentUsers.0.email|recentUsers.0.type|activeTimeRanges.0.date",
		map[columnID]string{colSerial: "serialNumber", colStatus: "status", colTag: "annotatedAssetId", colModel: "model", colPO: "orderNumber", colMAC: "macAddress"},
	},
	{
		"Homebox", Devices,
		"HB.import_ref|HB.location|HB.tags|HB.asset_id|HB.archived|HB.name|HB.quantity|HB.description|HB.serial_number|HB.model_number|HB.manufacturer|HB.notes|HB.purchase_from|HB.purchase_price|HB.purchase_date|HB.warranty_expires",
		map[columnID]string{colTag: "HB.asset_id", colSerial: "HB.serial_number", colModel: "HB.model_number", colPrice: "HB.purchase_price", colWarranty: "HB.warranty_expires"},
	},
	{
		"an office's register", Devices,
		"Tag No|Asset Type|Asset Make|Asset Model|Serial Number|Location|User Allocated|Asset Status|OS Version",
		map[columnID]string{colTag: "Tag No", colModel: "Asset Model", colSerial: "Serial Number", colName: "Location", colStatus: "Asset Status"},
	},
	{
		"an assembler's packing list in Urdu", Devices,
		"نمبر شمار|سیریل نمبر|ماڈل|کارٹن نمبر|لاٹ نمبر|ضلع|سکول کا نام|ایمس کوڈ",
		map[columnID]string{colSerial: "سیریل نمبر", colModel: "ماڈل", colCarton: "کارٹن نمبر", colLot: "لاٹ نمبر", colDistrict: "ضلع", colName: "سکول کا نام", colEMIS: "ایمس کوڈ"},
	},
}

func TestColumnsOfOtherSystems(t *testing.T) {
	for _, s := range sources {
		wantColumns(t, s.name, newVocabulary(s.kind).name(1, strings.Split(s.header, "|"), nil), s.read)
	}
}

// The same with the files themselves, as far as we have them.
func TestColumnsOfRealFiles(t *testing.T) {
	for _, c := range []struct {
		path []string
		kind Kind
		read map[columnID]string
	}{
		{[]string{"device-exports", "gam_print_cros_dev40.csv"}, Devices, map[columnID]string{
			colSerial: "serialNumber", colStatus: "status", colTag: "annotatedAssetId", colModel: "model", colPO: "orderNumber", colMAC: "macAddress",
		}},
		{[]string{"snipe-it", "assets-sample.csv"}, Devices, map[columnID]string{
			colTag: "Asset Tag", colName: "Location", colPO: "Order Number", colModel: "Model", colPrice: "Purchase Cost",
		}},
		{[]string{"pk-schools", "islamabad-fde", "fde_institutions.csv"}, Places, map[columnID]string{
			colEMIS: "emis", colName: "institution", colGender: "gender", colLevel: "type",
		}},
	} {
		f, err := os.Open(realData(t, c.path...))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		cells, err := csv.NewReader(f).Read()
		if err != nil {
			t.Fatal(err)
		}
		cells[0] = strings.TrimPrefix(cells[0], "\uFEFF")
		wantColumns(t, c.path[len(c.path)-1], newVocabulary(c.kind).name(1, cells, nil), c.read)
	}
}

func wantColumns(t *testing.T, of string, h header, want map[columnID]string) {
	t.Helper()
	for id, at := range h.at {
		got := ""
		if at >= 0 {
			got = h.texts[at]
		}
		if got != want[columnID(id)] {
			t.Errorf("%s: column %d is %q, want %q", of, id, got, want[columnID(id)])
		}
	}
	for _, name := range want {
		if slices.Contains(h.unknown, name) {
			t.Errorf("%s: %q is said not to be imported", of, name)
		}
	}
}
