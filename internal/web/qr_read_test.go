package web_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// readQR reads a drawn QR code of version 3 to 6, level M, in alphanumeric mode,
// as a phone does: it finds the mask, takes the words off in their order, and puts
// the blocks together. It corrects nothing, as nothing is smudged.
func readQR(t testing.TB, svg string) string {
	t.Helper()
	dark := drawn(t, svg)
	size := len(dark)
	version := (size - 17) / 4
	blocks, words := map[int]int{3: 1, 4: 2, 5: 2, 6: 4}[version], map[int]int{3: 44, 4: 32, 5: 43, 6: 27}[version]
	if blocks == 0 {
		t.Fatalf("a code of %d modules, version %d", size, version)
	}
	stream := codewords(dark, version, blocks*words)
	data := make([]byte, 0, blocks*words)
	for b := range blocks { // all blocks of these versions are alike
		for w := range words {
			data = append(data, stream[w*blocks+b])
		}
	}
	return alphanumeric(t, data)
}

// drawn reads the dark modules out of the drawing, without the quiet zone.
func drawn(t testing.TB, svg string) [][]bool {
	t.Helper()
	box := regexp.MustCompile(`viewBox="0 0 (\d+) `).FindStringSubmatch(svg)
	if box == nil {
		t.Fatalf("no size in %s", svg)
	}
	const quiet = 4
	side, _ := strconv.Atoi(box[1])
	dark := make([][]bool, side-2*quiet)
	for y := range dark {
		dark[y] = make([]bool, side-2*quiet)
	}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-`).FindAllStringSubmatch(svg, -1) {
		x, _ := strconv.Atoi(run[1])
		y, _ := strconv.Atoi(run[2])
		n, _ := strconv.Atoi(run[3])
		for i := range n {
			dark[y-quiet][x-quiet+i] = true
		}
	}
	return dark
}

// masks flip the modules of the data for which they are true.
var masks = []func(y, x int) bool{
	func(y, x int) bool { return (y+x)%2 == 0 },
	func(y, _ int) bool { return y%2 == 0 },
	func(_, x int) bool { return x%3 == 0 },
	func(y, x int) bool { return (y+x)%3 == 0 },
	func(y, x int) bool { return (y/2+x/3)%2 == 0 },
	func(y, x int) bool { return y*x%2+y*x%3 == 0 },
	func(y, x int) bool { return (y*x%2+y*x%3)%2 == 0 },
	func(y, x int) bool { return ((y+x)%2+y*x%3)%2 == 0 },
}

// codewords takes the first words off the code, two columns at a time from the
// right, up and down by turns.
func codewords(dark [][]bool, version, count int) []byte {
	size := len(dark)
	number := 0 // of the mask: three bits of the format, beside the upper left corner
	for i, x := range []int{2, 3, 4} {
		number = number<<1 | bit(dark[8][x]) ^ []int{1, 0, 1}[i]
	}
	mask := masks[number]
	var words []byte
	word, bits, up := 0, 0, true
	for right := size - 1; right > 0; right -= 2 {
		if right == 6 { // the timing pattern
			right--
		}
		for n := range size {
			y := n
			if up {
				y = size - 1 - n
			}
			for _, x := range []int{right, right - 1} {
				if reserved(y, x, size, version) {
					continue
				}
				word = word<<1 | bit(dark[y][x] != mask(y, x))
				if bits++; bits == 8 {
					words, word, bits = append(words, byte(word)), 0, 0
				}
			}
		}
		up = !up
	}
	return words[:count]
}

// reserved says whether a module is part of a pattern, and holds no data.
func reserved(y, x, size, version int) bool {
	align := 4*version + 10 // the centre of the one alignment pattern
	switch {
	case y < 9 && (x < 9 || x >= size-8), y >= size-8 && x < 9, y == 6, x == 6:
		return true
	}
	return y >= align-2 && y <= align+2 && x >= align-2 && x <= align+2
}

func bit(dark bool) int {
	if dark {
		return 1
	}
	return 0
}

func alphanumeric(t testing.TB, data []byte) string {
	t.Helper()
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	at := 0
	take := func(n int) (v int) {
		for range n {
			v = v<<1 | int(data[at/8]>>(7-at%8)&1)
			at++
		}
		return v
	}
	if mode := take(4); mode != 2 {
		t.Fatalf("the code is of mode %d, and so finer than it could be", mode)
	}
	length := take(9)
	var text strings.Builder
	for ; length > 1; length -= 2 {
		pair := take(11)
		text.WriteByte(letters[pair/45])
		text.WriteByte(letters[pair%45])
	}
	if length == 1 {
		text.WriteByte(letters[take(6)])
	}
	return text.String()
}
