//go:build linux && !race

package readproc

const raceDetector = false
