package workbook

import (
	"slices"
	"strings"
)

// left tells which of a sheet's columns nothing is read from, and why.
func (r *report) left(sheet string, names []string) {
	const enough = 3 // of Google's names, of which some are anybody's
	var secrets, people, google, others []string
	fromGoogle := 0
	for _, name := range names {
		if ofGoogle[key(unnumbered(name))] {
			fromGoogle++
		}
	}
	for _, name := range names {
		switch {
		case holdsSecrets(name):
			secrets = append(secrets, unnumbered(name))
		case namesPeople(name):
			people = append(people, unnumbered(name))
		case fromGoogle >= enough && ofGoogle[key(unnumbered(name))]:
			google = append(google, unnumbered(name))
		default:
			others = append(others, unnumbered(name))
		}
	}
	for _, left := range []struct {
		names []string
		say   string
	}{
		{secrets, "these columns are never imported, because they seem to hold passwords or PINs, which belong in no file: delete them from yours"},
		{people, "these columns are never imported, because they hold names, addresses or numbers of people, which the register does not keep"},
		{google, "these columns are not imported, because they hold what Google knows of a device, for which the register has no place"},
		{others, "these columns are not imported"},
	} {
		if len(left.names) > 0 {
			r.note("%s: %s: %s.", sheet, left.say, quoteAll(unique(left.names), 30))
		}
	}
}

// unique leaves out what comes again.
func unique(names []string) []string {
	var all []string
	for _, name := range names {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// unnumbered is the name of a column without the numbers by which some programs
// write a list of values in columns beside each other: recentUsers.0.email.
func unnumbered(name string) string {
	parts := strings.Split(name, ".")
	kept := slices.DeleteFunc(slices.Clone(parts), digits)
	if len(kept) == 0 || len(kept) == len(parts) {
		return name
	}
	return strings.Join(kept, ".")
}

// namesPeople says whether a column's name speaks of persons: what it holds is read
// in no case, for a register of devices is no place for children's names.
func namesPeople(name string) bool {
	k := key(unnumbered(name))
	return ofPeople[k] || slices.ContainsFunc(partsOfPeople, func(part string) bool { return strings.Contains(k, part) })
}

// partsOfPeople are found within the names of columns that hold something of persons.
var partsOfPeople = []string{
	"email", "mailaddress", "username", "userid", "firstname", "lastname", "fullname", "surname", "cnic", "idcard", "bform", "passport", "dateofbirth",
	"studentname", "nameofstudent", "studentid", "learnername", "nameoflearner", "childname", "nameofchild", "pupilname", "nameofpupil", "parentname", "guardian",
	"fathername", "fathersname", "mothername", "mothersname", "sonof", "daughterof",
	"teachername", "nameofteacher", "headname", "nameofhead", "headteachername", "headmastername", "principalname", "nameofprincipal", "personname",
	"contactperson", "nameofperson", "focalperson", "employee", "staffname", "nameofstaff",
	"recentuser", "annotateduser", "assigneduser", "lastuser", "userallocated", "allocateduser",
	"طالبعلمکانام", "طلبہکےنام", "والدکانام", "والدہکانام", "سرپرست", "شناختیکارڈ", "ایمیل", "ٹیچرکانام", "استادکانام", "ہیڈماسٹرکانام", "بفارم", "تاریخپیدایش",
}

// ofPeople are whole names of such columns.
var ofPeople = map[string]bool{
	"user": true, "users": true, "student": true, "pupil": true, "learner": true, "dob": true, "custodian": true, "assignedto": true, "checkedoutto": true,
	"issuedtoname": true, "manager": true, "owner": true, "recipient": true, "receivedby": true, "teacherincharge": true, "headteacher": true, "headmaster": true, "principal": true, "createdby": true, "طالبعلم": true, "صارف": true,
}

// ofGoogle are the names of what Google's console and its tools export of a device
// beside what the register keeps.
var ofGoogle = keys(
	"deviceId", "Device ID", "directoryApiId", "Directory API ID", "etag", "kind", "lastSync", "Most Recent Policy Sync", "Last Policy Sync",
	"annotatedLocation", "Annotated Location", "supportEndDate", "notes", "meid", "willAutoRenew", "osVersion", "OS Version", "Chrome OS Version", "platformVersion", "Platform Version", "firmwareVersion",
	"Firmware Version", "bootMode", "Boot Mode", "firstEnrollmentTime", "First Enrollment Time", "lastEnrollmentTime", "Last Enrollment Time",
	"Enrollment Time", "orgUnitPath", "Org Unit Path", "orgUnitId", "Organizational Unit", "Organizational Unit Path", "autoUpdateThrough",
	"autoUpdateExpiration", "Auto Update Expiration", "Auto-update Expiration Date", "manufactureDate", "Manufacture Date", "deprovisionReason",
	"Deprovision Reason", "lastDeprovisionTimestamp", "Last Deprovision Timestamp", "extendedSupportEligible", "extendedSupportEnabled",
	"extendedSupportStart", "osUpdateStatus", "osUpdateStatus.state", "osUpdateStatus.updateTime", "activeTimeRanges", "activeTimeRanges.date",
	"activeTimeRanges.activeTime", "activeTimeRanges.duration", "activeTimeRanges.minutes", "recentUsers", "ethernetMacAddress", "ethernetMacAddress0",
	"Ethernet MAC Address", "dockMacAddress", "chromeOsType", "deviceLicenseType", "License Type", "fanInfo", "lastKnownNetwork",
	"lastKnownNetwork.ipAddress", "lastKnownNetwork.wanIpAddress", "Most Recent Activity", "Most Recent Online Time", "Zero Touch Enrollment", "systemRamTotal",
	"systemRamFreeReports", "diskVolumeReports", "diskSpaceUsage", "cpuInfo", "cpuStatusReports", "tpmVersionInfo", "screenshotFiles", "deviceFiles",
)

func keys(names ...string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[key(name)] = true
	}
	return all
}
