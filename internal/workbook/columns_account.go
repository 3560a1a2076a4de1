package workbook

import (
	"slices"
	"strings"
)

// accountColumns are those of a list of accounts. There is none for passwords, on
// purpose.
var accountColumns = []column{
	{colUser, "User Name", []string{"User", "Login", "Login Name", "Login ID", "User ID", "Account", "Account Name", "Email", "Email Address", "صارف نام", "صارف کا نام", "یوزر نیم"}, formCode, 28},
	{colFullName, "Full Name", []string{"Name", "Officer Name", "Name of Officer", "Person Name", "Head Teacher", "Head Teacher Name", "پورا نام", "نام"}, formText, 28},
	{colRole, "Role", []string{"User Role", "Account Role", "Account Type", "User Type", "کردار", "ذمہ داری"}, formText, 14},
	{colCode, "Place Code", []string{"Code", "Location Code", "Site Code", "جگہ کا کوڈ"}, formCode, 16},
	{colEMIS, "EMIS Code", emisNames, formCode, 12},
	{colName, "Place Name", append(schoolNames, "Place", "Location", "Site", "Office", "مقام", "جگہ"), formText, 40},
	{colTehsil, "Tehsil", []string{"Tehsil Name", "Taluka", "تحصیل", "تعلقہ"}, formText, 18},
	{colDistrict, "District", []string{"District Name", "Dist", "ضلع"}, formText, 18},
	{colProvince, "Province", []string{"Province/Territory", "Region", "صوبہ"}, formText, 18},
}

// roleWords are the roles that a list can give: administrators are made one by one.
var roleWords = words{
	"viewer":   {"viewer", "reader", "readonly", "ناظر", "دیکھنے والا"},
	"school":   {"school", "headteacher", "headmaster", "headmistress", "principal", "اسکول", "سکول", "ہیڈ ٹیچر"},
	"workshop": {"workshop", "technician", "repairworkshop", "ورکشاپ", "مرمت"},
	"officer":  {"officer", "districtofficer", "افسر", "ضلعی افسر"},
	"manager":  {"manager", "provincialmanager", "منیجر", "مینیجر"},
	"ministry": {"ministry", "وزارت"},
	"auditor":  {"auditor", "audit", "آڈیٹر"},
}

// holdsSecrets says whether a column's name speaks of what somebody signs in with:
// no list is read for that, whatever was said of the column.
func holdsSecrets(name string) bool {
	k := key(unnumbered(name))
	return ofSecrets[k] || slices.ContainsFunc(partsOfSecrets, func(part string) bool { return strings.Contains(k, part) })
}

// partsOfSecrets are found within the names of such columns, and ofSecrets are whole
// names of them.
var (
	partsOfSecrets = []string{"password", "passwd", "passcode", "passphrase", "پاسورڈ", "خفیہکوڈ"}
	ofSecrets      = keys("PIN", "PIN Code", "PIN No", "PIN Number", "Pwd", "Pass", "Pass Word", "Login PIN", "School PIN", "Secret", "پن", "پن کوڈ", "خفیہ لفظ")
)
