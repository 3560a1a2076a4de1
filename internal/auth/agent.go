package auth

import "strings"

// named are words of User-Agent headers, the telling before the general: Edge and
// Opera call themselves Chrome too, and Chrome calls itself Safari.
type named []struct{ word, name string }

var (
	browsers = named{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser", "Samsung Internet"},
		{"UCBrowser", "UC Browser"},
		{"Firefox", "Firefox"},
		{"FxiOS", "Firefox"},
		{"CriOS", "Chrome"},
		{"Chrome", "Chrome"},
		{"Safari", "Safari"},
	}
	systems = named{
		{"CrOS", "ChromeOS"},
		{"Android", "Android"},
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Windows", "Windows"},
		{"Mac OS", "Mac"},
		{"Linux", "Linux"},
	}
)

func (n named) in(text string) string {
	for _, one := range n {
		if strings.Contains(text, one.word) {
			return one.name
		}
	}
	return ""
}

// deviceOf is what a session is told apart by: Chrome on Android. What it does not
// know it leaves out, as a header can say anything.
func deviceOf(agent string) string {
	browser, system := browsers.in(agent), systems.in(agent)
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " on " + system
}
