//! The scripts for bash and zsh, which know more of their shells than those that clap_complete writes: bash splits words
//! at `=` and `:`, and a zsh that finds the script in `$fpath` runs it for the first Tab.
//!
//! Either hands over the words up to the cursor, the last one whole, and gets a line for each candidate: the whole word;
//! for zsh a tab and what it is behind it.

use super::VARIABLE;

const BASH: &str = r#"_novita_edit() {
    local rest="${COMP_LINE:0:COMP_POINT}" cur="$2" blanks kept one escaped i n=-1
    local -a words=()
    COMPREPLY=()
    # Bash splits words at = and : too: what stands side by side on the line is one word.
    for ((i = 0; i < COMP_CWORD; i++)); do
        blanks="${rest%%[![:space:]]*}"
        rest="${rest#"$blanks"}"
        if [[ $n -lt 0 || -n $blanks ]]; then
            words[++n]="${COMP_WORDS[i]}"
        else
            words[n]+="${COMP_WORDS[i]}"
        fi
        rest="${rest#"${COMP_WORDS[i]}"}"
    done
    blanks="${rest%%[![:space:]]*}"
    kept="${rest#"$blanks"}"
    if [[ -z $blanks && $n -gt 0 ]]; then
        kept="${words[n]}$kept"
        unset "words[n]"
    fi
    # Only what Bash calls the word is put in anew; what stands in front of it stays.
    kept="${kept%"$cur"}"
    # A quote that the user began is the user's to end.
    local quote=""
    if [[ $kept == *[\"\'] ]]; then
        quote="${kept: -1}"
        kept="${kept%?}"
    else
        cur="${cur//\\/}"
    fi
    while IFS= read -r one; do
        one="${one#"$kept"}"
        # A file may be called anything: nothing of a name is ever run.
        if [[ -z $quote ]]; then
            if [[ $one == *[!]A-Za-z0-9_./:=@%+,[-]* ]]; then
                printf -v one %q "$one"
            fi
        else
            # In double quotes nothing keeps a ! from being taken for history.
            if [[ $quote == \" && $one == *\!* ]]; then
                continue
            fi
            escaped=""
            for ((i = 0; i < ${#one}; i++)); do
                case "$quote${one:i:1}" in
                    \"[\\\"\$\`]) escaped+="\\${one:i:1}" ;;
                    \'\') escaped+="'\\''" ;;
                    *) escaped+="${one:i:1}" ;;
                esac
            done
            one="$escaped"
        fi
        COMPREPLY+=("$one")
    done < <(VARIABLE=bash novita-edit -- "${words[@]}" "$kept$cur" 2>/dev/null)
    # What goes on gets no blank.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:.@\[] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
if [[ ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 || ${BASH_VERSINFO[0]} -gt 4 ]]; then
    complete -o bashdefault -o nosort -F _novita_edit novita-edit
elif [[ ${BASH_VERSINFO[0]} -eq 4 ]]; then
    complete -o bashdefault -F _novita_edit novita-edit
else
    complete -o bashdefault -o nospace -F _novita_edit novita-edit
fi
"#;

const ZSH: &str = r#"#compdef novita-edit
_novita-edit() {
    local -a lines whole open
    local line value entry
    lines=("${(@f)$(VARIABLE=zsh novita-edit -- "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    for line in $lines; do
        value="${line%%$'\t'*}"
        entry="${value//:/\\:}"
        [[ $line == *$'\t'* ]] && entry+=":${line#*$'\t'}"
        # What goes on gets no blank.
        if [[ $value == *[=/:.@\[] ]]; then
            open+=("$entry")
        else
            whole+=("$entry")
        fi
    done
    (( $#open )) && _describe -V 'value' open -S ''
    (( $#whole )) && _describe -V 'value' whole
    (( $#open + $#whole ))
}
# Found in $fpath, this file is run for the first Tab; sourced, it only says who completes.
if [[ ${funcstack[1]} == _novita[-_]edit ]]; then
    _novita-edit "$@"
else
    compdef _novita-edit novita-edit
fi
"#;

/// The script for bash.
pub(super) fn bash() -> String {
    BASH.replace("VARIABLE", VARIABLE)
}

/// The script for zsh.
pub(super) fn zsh() -> String {
    ZSH.replace("VARIABLE", VARIABLE)
}
