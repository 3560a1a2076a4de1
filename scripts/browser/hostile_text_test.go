package browser

import (
	"strings"
)

// mark is in every hostile text, so that pages on which one is shown are found. Where
// it becomes the name of an element or of an attribute, a page took text for its own.
const mark = "h0st"

// hostile are texts that people may write, and that must stay nothing but text.
var hostile = []string{
	`"><h0st onclick=alert(1)>'><img src=x onerror=alert(1)>`,
	`<script>alert("h0st")</script><svg/onload=alert(1)>`,
	`<iframe srcdoc="<script>parent.h0st=1</script>"></iframe>h0st`,
	`javascript:alert("h0st")//https://h0st.example/" onfocus=alert(1) autofocus x="`,
	`</script></style></title></textarea></option></select><h0st>--><!--`,
	`<noscript><p title="</noscript><img src=h0st onerror=alert(1)>">`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=h0st onerror=alert(1)&gt;">`,
	`<base href=//h0st.example/><meta http-equiv=refresh content=0;url=//h0st.example>`,
	`<a href=//h0st.example ping=//h0st.example>h0st</a><form action=//h0st.example>`,
	`=HYPERLINK("https://h0st.example","click")`,
	`+cmd|' /C calc'!A0 h0st`,
	`@SUM(1+1)*h0st`,
	`-2+3+h0st`,
	"{{7*7}}${7*7}<%=7*7%>#{7*7}{{constructor.constructor('alert(1)')()}}h0st",
	`%0d%0aSet-Cookie:%20h0st=1 ../../h0st %00 %s%n %{x} \u003cscript\u003e`,
	`گورنمنٹ ہائی اسکول "h0st" <b>لاہور</b>`,
	strings.Repeat("h0st ", 20),
}

// forbidden are texts that nobody may write into anything that is shown: they do
// something to a terminal, a log or a reader's eyes. As JSON, of which the last is none.
var forbidden = []string{
	`"h0st\u0000"`, `"h0st\u001b[31mred\u001b]0;title\u0007"`, `"h0st\u202etxt.exe"`, `"h0st\u2066\u2067"`, `"h0st\u2028line"`, `"h0st\u0085\u009b31m"`,
}

// odd are texts that may be refused, or kept as something harmless.
var odd = []string{
	`"h0st\r\nSet-Cookie: h0st=1"`, `"h0st\ud800"`, "\"h0st\xff\xfe\"", `"` + strings.Repeat("h0st", 20_000) + `"`, `""`, `" "`, "\"h0st", `{"h0st":1}`, `["h0st"]`, `1e999`,
}

// turns are the characters of the forbidden texts, which no answer may hold.
func turns(text string) (found rune, ok bool) {
	for _, r := range text {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r >= 0x7F && r < 0xA0 || r >= '\u2028' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
			return r, true
		}
	}
	return 0, false
}
