/// Something, one `@`, something, no blanks; `Err` says what is wrong.
pub(super) fn check(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.chars().any(char::is_whitespace) {
        return Err("it holds a blank");
    }
    let Some((before, after)) = text.split_once('@') else {
        return Err("it has no `@`");
    };
    if after.contains('@') {
        return Err("it has more than one `@`");
    }
    if before.is_empty() || after.is_empty() {
        return Err("nothing stands on one side of the `@`");
    }
    Ok(())
}
