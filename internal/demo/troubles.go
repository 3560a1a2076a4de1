package demo

import "github.com/takhti-edu/takhti/internal/fleet"

// trouble is one way in which a device fails.
type trouble struct {
	category fleet.FaultCategory
	weight   int // of a hundred
	severity fleet.Severity
	repair   bool // needs a workshop
	damage   bool // done by the user: no warranty claim
	hopeless int  // repairs that fail, in percent
	notes    []string
}

var troubles = []trouble{
	{fleet.FaultScreen, 28, fleet.Unusable, true, true, 6, []string{
		"Screen cracked in the lower left corner", "Fell off the desk, the screen is broken", "Lines across the screen",
		"Half of the screen is black", "Screen flickers when the lid moves", "اسکرین ٹوٹ گئی ہے",
	}},
	{fleet.FaultBattery, 14, fleet.Major, true, false, 5, []string{
		"Lasts less than one period", "Goes off as soon as the charger is taken out", "Battery is swollen, the case opens", "بیٹری چارج نہیں رہتی",
	}},
	{fleet.FaultKeyboard, 12, fleet.Major, true, true, 3, []string{
		"Keys E and R do not work", "Space bar is missing", "Two keys came off", "Types the same letter again and again",
	}},
	{fleet.FaultCharging, 12, fleet.Unusable, true, false, 4, []string{
		"Does not charge", "Charging port is loose", "Charges only when the cable is held", "Charger burnt out after the voltage rose",
	}},
	{fleet.FaultSoftware, 8, fleet.Minor, false, false, 0, []string{
		"Stops at the update", "Restarts by itself", "Very slow after the update", "Shows the wrong time and cannot sign in",
	}},
	{fleet.FaultWillNotStart, 7, fleet.Unusable, true, false, 10, []string{
		"Does not start", "Light comes on, the screen stays black", "Asks to be recovered at each start",
	}},
	{fleet.FaultTouchpad, 6, fleet.Minor, true, false, 3, []string{
		"Touchpad does not click", "Pointer jumps", "Touchpad does not react",
	}},
	{fleet.FaultHinge, 5, fleet.Major, true, true, 4, []string{
		"Left hinge is broken", "Lid does not stay open", "Screws of the hinge fell out",
	}},
	{fleet.FaultWater, 3, fleet.Unusable, true, true, 50, []string{
		"Rain came in through the roof", "Water bottle spilt over the keyboard", "Tea spilt on it",
	}},
	{fleet.FaultCamera, 2, fleet.Minor, true, false, 2, []string{"Camera shows nothing", "Camera picture is green"}},
	{fleet.FaultAudio, 2, fleet.Minor, true, false, 2, []string{"No sound", "Left speaker crackles"}},
	{fleet.FaultEnrolment, 1, fleet.Major, false, false, 0, []string{"Asks for a private account", "Says that it is not enrolled"}},
}
