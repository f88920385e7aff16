# The samples of `perf script -F comm,ip,sym,dso` as folded stacks: outer;inner;innermost NUMBER. A sample is a line with the
# thread's name, then its frames from the innermost outward, then an empty line.
function finish() {
    if (thread != "") count[thread stack]++
    thread = stack = ""
}
NF == 0 { finish(); next }
/^[^ \t]/ || thread == "" { finish(); thread = $1; next }
{
    name = $2 # and for a library without symbols its file, the last word
    if (name == "[unknown]") {
        name = $NF
        gsub(/^\(|\)$|.*\//, "", name)
        gsub(/[][]/, "", name)
        name = "[" name "]"
    }
    gsub(/;/, ":", name)
    stack = ";" name stack
}
END {
    finish()
    for (s in count) print s, count[s]
}
