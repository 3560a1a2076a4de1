package workbook

import "slices"

// column is a row of the one table by which headers are recognised on the way in
// and written on the way out.
type column struct {
	id     columnID
	header string   // what an export calls it
	names  []string // what else files call it, the surest first
	form   form
	width  float64 // of an exported column, in characters
}

// form is what the cells of a column hold.
type form uint8

const (
	formText form = iota // the usual one
	formCode             // text that may look like a number: serials, codes, phones
	formDate
	formMoney
	formCount
	formDegrees
)

// columnID tells columns apart, whatever a file calls them.
type columnID uint8

const (
	colCode columnID = iota + 1
	colEMIS
	colKind
	colParent
	colState
	colName
	colNameUrdu
	colAliases
	colProvince
	colDivision
	colDistrict
	colTehsil
	colLevel
	colGender
	colEnrolment
	colElectricity
	colInternet
	colPhone
	colLatitude
	colLongitude

	colSerial
	colTag
	colModel
	colMAC
	colCarton
	colLot
	colLine
	colPO
	colPrice
	colFunding
	colWarranty
	colShipment
	colStatus
	colCondition
	colArrival
	colHolder
	colReceived
	colChanged

	colRef
	colCategory
	colSeverity
	colFaultState
	colRoute
	colOutcome
	colFIR
	colReported
	colEnded
	colNote

	colTeacher
	colClass
	colSection
	colRoll
	colRoom
	colCart

	colMaker
	colScreen
	colAUE
	colLife

	colTarget
	colBy

	colCounted

	colUser
	colFullName
	colRole

	columnCount
)

// table says for a kind which columns there are, in the order of an export, and
// which of them a file must have to be imported.
type table struct {
	columns []column
	needs   []need
	left    []columnID // columns of our own exports that an import leaves alone
}

// need is one thing a file must tell; any of the columns will do.
type need struct {
	what string // as a sentence has it: "the name"
	any  []columnID
}

var tables = map[Kind]table{
	Places: {
		columns: placeColumns,
		needs: []need{
			{"the EMIS code", []columnID{colEMIS, colCode}},
			{"the name", []columnID{colName}},
		},
	},
	Devices: {
		columns: deviceColumns,
		needs:   []need{needsSerial},
		left:    reported,
	},
	Faults: {columns: faultColumns},
	Updates: {
		columns: deviceColumns,
		needs:   []need{needsSerial},
		left:    slices.Concat(reported, []columnID{colShipment, colCode, colEMIS, colName, colTehsil, colDistrict, colProvince}),
	},
	Handouts: {
		columns: handoutColumns,
		needs: []need{
			needsSerial,
			{"who holds the device", []columnID{colHolder, colClass, colTeacher, colRoom, colCart}},
		},
	},
	Models: {
		columns: modelColumns,
		needs:   []need{{"the model", []columnID{colModel}}},
	},
	Delivery: {
		columns: deliveryColumns,
		needs:   []need{needsSerial},
	},
	StockTakes: {
		columns: stockColumns,
		needs:   []need{needsSerial},
	},
	Accounts: {
		columns: accountColumns,
		needs:   []need{{"the user name or the EMIS code", []columnID{colUser, colEMIS}}},
	},
	Targets: {
		columns: targetColumns,
		needs: []need{
			{"the place", []columnID{colCode, colEMIS, colName, colTehsil, colDistrict, colProvince}},
			{"how many devices there are to be", []columnID{colTarget}},
			{"by which day", []columnID{colBy}},
		},
	},
}

var needsSerial = need{"the serial", []columnID{colSerial}}

var emisNames = []string{
	"EMIS", "EMIS Number", "EMIS No", "BEMIS Code", "BEMIS", "SEMIS Code", "SEMIS", "School EMIS", "School EMIS Code",
	"EMIS ID", "School Code", "School ID", "Institution Code", "Institute Code", "ایمس کوڈ", "ای ایم آئی ایس کوڈ", "اسکول کوڈ", "سکول کوڈ",
}

var schoolNames = []string{
	"Name of School", "School Name", "School", "Name of Institution", "Institution", "Institution Name", "Institute Name", "Institute",
	"Name of Institute", "اسکول کا نام", "سکول کا نام", "اسکول", "سکول", "ادارے کا نام", "ادارہ",
}

var placeColumns = []column{
	{colCode, "Place Code", []string{"Code", "جگہ کا کوڈ"}, formCode, 16},
	{colKind, "Kind", []string{"Place Kind", "Kind of Place", "Place Type", "جگہ کی قسم"}, formText, 10},
	{colParent, "Parent Code", []string{"Parent", "Lies In", "بالائی جگہ کا کوڈ"}, formCode, 16},
	{colEMIS, "EMIS Code", emisNames, formCode, 12},
	{colName, "Place Name", append(schoolNames, "Name (English)", "English Name", "Name", "Place", "نام"), formText, 40},
	{colNameUrdu, "Name (Urdu)", []string{"Urdu Name", "School Name (Urdu)", "Name in Urdu", "نام اردو", "اردو نام"}, formText, 32},
	{colAliases, "Aliases", []string{"Alias", "Also Known As", "Other Names", "Other Name", "دیگر نام"}, formText, 24},
	{colProvince, "Province", []string{"Province/Territory", "Region", "صوبہ"}, formText, 18},
	{colDivision, "Division", []string{"ڈویژن"}, formText, 16},
	{colDistrict, "District", []string{"District Name", "Dist", "ضلع"}, formText, 18},
	{colTehsil, "Tehsil", []string{"Tehsil Name", "Taluka", "Taluka/Tehsil", "Sub-Division", "تحصیل", "تعلقہ"}, formText, 18},
	{colLevel, "Level", []string{"School Level", "Level of School", "Category of School", "School Category", "School Type", "Type", "درجہ", "سطح"}, formText, 16},
	{colGender, "Gender", []string{"School Gender", "Gender of School", "Boys/Girls", "Sex", "جنس", "صنف"}, formText, 10},
	{colEnrolment, "Enrolment", []string{
		"Enrollment", "Total Enrolment", "Total Enrollment", "Enrolment Total", "Enrollment Total", "Students", "Total Students",
		"No of Students", "Number of Students", "Students Total", "داخلہ", "طلبہ", "طلبہ کی تعداد", "طلباء کی تعداد", "کل طلبہ",
	}, formCount, 10},
	{colElectricity, "Electricity", []string{"Has Electricity", "Electricity Available", "Electricity (Yes/No)", "بجلی"}, formText, 11},
	{colInternet, "Internet", []string{"Has Internet", "Internet Available", "Internet Connection", "Internet (Yes/No)", "انٹرنیٹ"}, formText, 10},
	{colPhone, "Phone", []string{"School Phone", "Phone Number", "Phone No", "Telephone", "Contact Number", "Contact No", "فون", "فون نمبر"}, formCode, 16},
	{colLatitude, "Latitude", []string{"Lat", "Y Latitude", "Y-Cord", "Y-Coord", "Y-Coordinate", "GPS Latitude", "Latitude (N)", "عرض بلد"}, formDegrees, 12},
	{colLongitude, "Longitude", []string{"Long", "Lon", "Lng", "X Longitude", "X-Cord", "X-Coord", "X-Coordinate", "GPS Longitude", "Longitude (E)", "طول بلد"}, formDegrees, 12},
	{colState, "State", []string{"School Status", "Functional Status", "Place State", "کھلا یا بند"}, formText, 10},
}

// deviceSerialNames say whose serial a column holds; a "Serial No" may also be that
// of the row.
var deviceSerialNames = []string{
	"Device Serial", "Device Serial Number", "Device Serial No", "Chromebook Serial", "Chromebook Serial Number", "Chromebook Serial No",
	"Laptop Serial", "Laptop Serial Number", "Laptop Serial No", "Asset Serial", "Asset Serial Number", "HB.serial_number",
}

var serialColumn = column{
	colSerial, "Serial Number", append([]string{
		"Serial", "Serial No", "S/N", "Serial Num", "Serial Nr", "Serial Code", "Service Tag", "سیریل نمبر", "سیریل", "سریل نمبر",
	}, deviceSerialNames...), formCode, 22,
}

var deviceColumns = []column{
	serialColumn,
	{colTag, "Asset Tag", []string{
		"Tag", "Tag No", "Tag Number", "Asset No", "Asset Number", "Asset ID", "Asset Code", "Annotated Asset ID", "Asset Identifier",
		"Inventory No", "Inventory Number", "HB.asset_id", "اثاثہ ٹیگ", "اثاثہ نمبر", "ٹیگ",
	}, formCode, 16},
	modelColumn,
	{colMAC, "MAC Address", []string{"MAC", "Wi-Fi MAC", "WiFi MAC Address", "WLAN MAC", "WLAN MAC Address", "Wireless MAC", "Wireless MAC Address", "MAC ID", "میک"}, formCode, 18},
	{colCarton, "Carton", []string{"Carton No", "Carton Number", "Carton ID", "Box", "Box No", "Box Number", "کارٹن", "کارٹن نمبر", "ڈبہ نمبر"}, formCode, 12},
	{colLot, "Lot", []string{"Lot No", "Lot Number", "Batch", "Batch No", "Batch Number", "لاٹ", "لاٹ نمبر"}, formCode, 12},
	{colLine, "Line", []string{"Assembly Line", "Production Line", "Line No", "Line Number", "لائن"}, formCode, 10},
	{colPO, "PO", []string{"PO Number", "PO No", "Purchase Order", "Purchase Order No", "Purchase Order Number", "Order Number", "Order No", "خریداری آرڈر"}, formCode, 16},
	{colPrice, "Price", []string{
		"Price (PKR)", "Price (Rs)", "Unit Price", "Unit Price (PKR)", "Unit Price (Rs)", "Purchase Cost", "Purchase Price", "Cost", "Unit Cost", "Valuation", "Value (PKR)", "HB.purchase_price", "قیمت",
	}, formMoney, 12},
	{colFunding, "Funding", []string{"Funding Source", "Source of Funding", "Source of Funds", "Fund", "Funded By", "Donor", "Scheme", "فنڈ", "فنڈنگ"}, formText, 18},
	{colWarranty, "Warranty End", []string{
		"Warranty Ends", "Warranty End Date", "Warranty Expires", "Warranty Expiry", "Warranty Expiry Date", "Warranty Until", "Warranty Upto", "Warranty Valid Till", "Warranty Till", "Warranty Date", "End of Warranty",
		"HB.warranty_expires", "وارنٹی ختم", "وارنٹی کی آخری تاریخ",
	}, formDate, 13},
	{colShipment, "Shipment", []string{"Shipment No", "Shipment Number", "شپمنٹ", "شپمنٹ نمبر"}, formCode, 16},
	{colCode, "Place Code", []string{"Location Code", "Site Code", "Destination Code", "جگہ کا کوڈ"}, formCode, 16},
	{colEMIS, "EMIS Code", emisNames, formCode, 12},
	{colName, "Place Name", append(schoolNames, "Place", "Destination", "Delivery Location", "Consignee", "Location", "Site", "مقام"), formText, 40},
	{colTehsil, "Tehsil", []string{"Tehsil Name", "Taluka", "تحصیل", "تعلقہ"}, formText, 18},
	{colDistrict, "District", []string{"District Name", "Dist", "ضلع"}, formText, 18},
	{colProvince, "Province", []string{"Province/Territory", "صوبہ"}, formText, 18},
	{colStatus, "Status", []string{"Asset Status", "Device Status", "Provisioning Status", "حالت"}, formText, 12},
	{colCondition, "Condition", []string{"Device Condition"}, formText, 14},
	{colArrival, "Arrival", nil, formText, 12},
	{colHolder, "Holder", nil, formText, 20},
	{colReceived, "Received", nil, formDate, 13},
	{colChanged, "Changed", nil, formDate, 13},
}

var faultColumns = []column{
	{colRef, "Reference", nil, formCode, 14},
	{colSerial, "Serial Number", nil, formCode, 22},
	{colCategory, "Fault", nil, formText, 16},
	{colSeverity, "Severity", nil, formText, 10},
	{colFaultState, "State", nil, formText, 12},
	{colRoute, "Repair Route", nil, formText, 16},
	{colOutcome, "Outcome", nil, formText, 16},
	{colFIR, "FIR Number", nil, formCode, 16},
	{colReported, "Reported", nil, formDate, 13},
	{colEnded, "Closed", nil, formDate, 13},
	{colCode, "Place Code", nil, formCode, 16},
	{colEMIS, "EMIS Code", nil, formCode, 12},
	{colName, "Place Name", nil, formText, 40},
	{colDistrict, "District", nil, formText, 18},
	{colProvince, "Province", nil, formText, 18},
	{colNote, "Last Note", nil, formText, 50},
}

// reported are columns of our own exports that an import leaves alone: what they
// hold changes through actions of its own, never through a file.
var reported = []columnID{colStatus, colCondition, colArrival, colHolder, colReceived, colChanged}
