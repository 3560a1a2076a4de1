package auth

import (
	_ "embed"
	"strings"
	"unicode"
)

// commonWords are what people make passwords of: words, names, places, cricket,
// walks over the keyboard. Each stands on a line.
//
//go:embed common.txt
var commonWords string

// leakedWords are more of them, from all over the world: the letters of the entries
// of Openwall's list of common passwords, which is in the public domain.
//
//go:embed leaked.txt
var leakedWords string

// leet undoes the letters that people replace.
var leet = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// isCommon says whether the password is among those that leak and are guessed most:
// digits and signs with two letters at most, one character or group again and again, or a common or leaked
// word, or two common ones, with whatever digits and signs stand around and between
// them. Each word stands so for thousands of entries of a list of leaked passwords.
func isCommon(password string) bool {
	text := strings.ToLower(strings.TrimSpace(password))
	return repeats(text) || madeOfWords(letters(text)) || madeOfWords(letters(leet.Replace(strings.TrimFunc(text, notLetter))))
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// letters leaves out all but letters.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if notLetter(r) {
			return -1
		}
		return r
	}, text)
}

// madeOfWords says whether the letters are next to nothing, one word or two common ones.
func madeOfWords(word string) bool {
	const few = 2
	if len(word) <= few || isWord(word) || strings.Contains(leakedWords, "\n"+word+"\n") {
		return true
	}
	for i := range word {
		if isWord(word[:i]) && isWord(word[i:]) {
			return true
		}
	}
	return false
}

func isWord(word string) bool { return word != "" && strings.Contains(commonWords, "\n"+word+"\n") }

// repeats says whether the text is a group of up to four bytes again and again.
func repeats(text string) bool {
	for size := 1; size <= 4 && size*2 <= len(text); size++ {
		if text[size:] == text[:len(text)-size] {
			return true
		}
	}
	return false
}
