//! Why a text is not the JSON that it should be, in words for whoever wrote it.

/// serde_json's sentence without its place, said anew. What stood in the text is never repeated: it may be a value
/// that nobody should see.
pub(super) fn say(words: &str) -> String {
    let said = match words {
        "EOF while parsing a value" => "the text ends where a value belongs",
        "EOF while parsing an object" => "the text ends before the } of an object",
        "EOF while parsing a list" => "the text ends before the ] of a list",
        "EOF while parsing a string" => "the text ends before the closing \" of a text",
        "expected value" => "a value belongs here: a text in quotes, a number, { or [",
        "expected ident" => "this is neither true, false nor null",
        "key must be a string" => "a name in quotes belongs here",
        "trailing comma" => "the comma before this is one too many",
        "trailing characters" => "the body has ended before this",
        "invalid escape" => "behind \\ stands what is no escape; a lone \\ is written \\\\",
        "invalid number" => "this is no number",
        "number out of range" => "this number is too large",
        "recursion limit exceeded" => "this is nested too deeply",
        _ if words.starts_with("control character") => "a line break in a text is written \\n, a tab \\t",
        _ if words.contains("hex escape") || words.contains("unicode code point") => {
            "behind \\u stands no character's number"
        }
        _ => words,
    };
    said.to_owned()
}
