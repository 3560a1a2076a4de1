package workbook

var modelColumn = column{
	colModel, "Model", []string{
		"Model Name", "Device Model", "Asset Model", "Chromebook Model", "Laptop Model", "Hardware Model", "Model No", "Model Number", "Model Num",
		"HB.model_number", "ماڈل", "ماڈل نمبر",
	}, formText, 26,
}

// handoutColumns tell who has a device. Each kind of holder has a column of its own;
// a learner is a class and a roll number.
var handoutColumns = []column{
	serialColumn,
	{colTeacher, "Teacher", []string{"Post", "Designation", "Teacher Post", "Post of Teacher", "Issued to Teacher", "استاد", "عہدہ"}, formText, 24},
	{colClass, "Class", []string{"Grade", "Class Name", "Class/Grade", "جماعت", "کلاس"}, formCode, 10},
	{colSection, "Section", []string{"Sec", "Class Section", "سیکشن", "فریق"}, formText, 10},
	{colRoll, "Roll Number", []string{"Roll No", "Roll", "Class Roll No", "Student Roll No", "رول نمبر"}, formCount, 10},
	{colRoom, "Room", []string{"Room No", "Room Number", "Lab", "Computer Lab", "Classroom", "کمرہ", "کمرہ نمبر"}, formCode, 14},
	{colCart, "Cart", []string{"Cart No", "Trolley", "Trolley No", "Charging Cart", "ٹرالی"}, formCode, 14},
	{colHolder, "Holder", []string{"Held By", "Issued To", "Given To", "حوالہ"}, formText, 24},
	{colCode, "Place Code", []string{"Location Code", "Site Code", "جگہ کا کوڈ"}, formCode, 16},
	{colEMIS, "EMIS Code", emisNames, formCode, 12},
	{colName, "Place Name", append(schoolNames, "Place", "Location", "Site", "Checked Out To: Location", "Checkout Location", "Checkout to Location", "مقام"), formText, 40},
	{colTehsil, "Tehsil", []string{"Tehsil Name", "Taluka", "تحصیل", "تعلقہ"}, formText, 18},
	{colDistrict, "District", []string{"District Name", "Dist", "ضلع"}, formText, 18},
	{colProvince, "Province", []string{"Province/Territory", "صوبہ"}, formText, 18},
}

var modelColumns = []column{
	{modelColumn.id, modelColumn.header, append([]string{"Name", "Brand Name", "Brand Names"}, modelColumn.names...), formText, 30},
	{colMaker, "Manufacturer", []string{"Make", "Maker", "OEM", "Brand", "Vendor", "کمپنی"}, formText, 20},
	{colScreen, "Screen", []string{"Screen Size", "Display", "Display Size", "سکرین"}, formText, 10},
	{colAUE, "AUE Date", []string{
		"AUE", "End of Updates", "Auto Update Expiration", "Auto Update Expiration Date", "Auto Update Expiry", "Auto Update Expiry Date",
		"Auto Update Through", "End of Support", "Support End Date", "اپ ڈیٹس کی آخری تاریخ",
	}, formDate, 13},
	{colLife, "Life (months)", []string{"Expected Life", "Expected Life (months)", "Life", "EOL", "EOL (months)", "Useful Life (months)", "متوقع عمر (ماہ)"}, formCount, 12},
}

// deliveryColumns are those of a list of what came: scanned, or ticked off by hand.
var deliveryColumns = []column{
	serialColumn,
	{colTag, "Asset Tag", []string{"Tag", "Tag No", "Tag Number", "Asset No", "Asset Number", "اثاثہ ٹیگ", "ٹیگ"}, formCode, 16},
	modelColumn,
	{colCarton, "Carton", []string{"Carton No", "Carton Number", "Carton ID", "Box", "Box No", "Box Number", "کارٹن", "کارٹن نمبر", "ڈبہ نمبر"}, formCode, 12},
	{colCondition, "Condition", []string{"State", "Received As", "Received Condition", "Damaged", "Damaged (Yes/No)", "Damage", "حالت"}, formText, 14},
}

// targetColumns are those of a rollout plan: how many devices a district or a school
// is to have, and by when.
var targetColumns = []column{
	{colCode, "Place Code", []string{"Code", "Location Code", "Site Code", "جگہ کا کوڈ"}, formCode, 16},
	{colEMIS, "EMIS Code", emisNames, formCode, 12},
	{colName, "Place Name", append(schoolNames, "Place", "Location", "Site", "Name", "مقام", "جگہ"), formText, 40},
	{colTehsil, "Tehsil", []string{"Tehsil Name", "Taluka", "تحصیل", "تعلقہ"}, formText, 18},
	{colDistrict, "District", []string{"District Name", "Dist", "ضلع"}, formText, 18},
	{colProvince, "Province", []string{"Province/Territory", "Region", "صوبہ"}, formText, 18},
	{colTarget, "Target Devices", []string{
		"Target", "Targets", "Devices", "Devices Target", "Target No of Devices", "Target Quantity", "No of Devices", "Number of Devices", "Planned Devices",
		"Devices Planned", "Devices Allocated", "Allocated Devices", "Allocation", "Chromebooks", "No of Chromebooks", "Number of Chromebooks", "Target Chromebooks",
		"Laptops", "Quantity", "Qty", "ہدف", "آلات کی تعداد", "آلات کا ہدف", "تعداد",
	}, formCount, 14},
	{colBy, "Target Date", []string{
		"By", "By When", "By Date", "By Day", "Target By", "Due", "Due By", "Due Date", "Deadline", "Planned Date", "Target Month", "Date", "To Be Delivered By",
		"ہدف کی تاریخ", "آخری تاریخ", "کب تک", "تاریخ",
	}, formDate, 13},
}

// stockColumns are those of a list of what was found, which may be of several places
// and days.
var stockColumns = []column{
	serialColumn,
	{colCounted, "Counted On", []string{
		"Counted", "Count Date", "Date of Count", "Date Counted", "Stock Take Date", "Verified On", "Verification Date", "Date of Verification",
		"گنتی کی تاریخ", "تاریخ گنتی",
	}, formDate, 13},
	{colCode, "Place Code", []string{"Location Code", "Site Code", "جگہ کا کوڈ"}, formCode, 16},
	{colEMIS, "EMIS Code", emisNames, formCode, 12},
	{colName, "Place Name", append(schoolNames, "Place", "Location", "Site", "Found At", "مقام"), formText, 40},
	{colTehsil, "Tehsil", []string{"Tehsil Name", "Taluka", "تحصیل", "تعلقہ"}, formText, 18},
	{colDistrict, "District", []string{"District Name", "Dist", "ضلع"}, formText, 18},
	{colProvince, "Province", []string{"Province/Territory", "صوبہ"}, formText, 18},
}
