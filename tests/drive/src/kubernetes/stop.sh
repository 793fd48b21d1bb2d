#!/bin/sh
# Stops the cluster that lives in a folder, by the process ids that it recorded there, and removes the folder:
#   sh stop.sh FOLDER
# Where FOLDER/keep exists, the logs stay. Doing it twice does no harm.
folder=$1
logs=$folder/logs

# One at a time: who comes second finds the work done.
exec 9>>"$folder.lock"
flock 9
if [ ! -d "$folder" ] || [ -f "$folder/stopped" ]; then
    rm -f "$folder.lock"
    exit 0
fi

# An id counts only while its process still speaks of the folder: the system may have given it away since.
runs() { tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" | grep -qF -- "$folder"; }

any_runs() {
    for id in $ids; do runs "$id" && return 0; done
    return 1
}

tell() {
    for id in $ids; do runs "$id" && kill "-$1" "$id" 2>/dev/null; done
}

[ -f "$folder/before-stop.sh" ] && . "$folder/before-stop.sh" >>"$logs/stop.log" 2>&1

ids=$(cut -d' ' -f1 "$folder/processes" 2>/dev/null)
tell TERM
tries=0
while any_runs && [ "$tries" -lt 20 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
tell KILL
while any_runs && [ "$tries" -lt 60 ]; do
    tries=$((tries + 1))
    sleep 0.1
done

[ -f "$folder/after-stop.sh" ] && . "$folder/after-stop.sh" >>"$logs/stop.log" 2>&1

if [ -f "$folder/keep" ]; then
    find "$folder" -mindepth 1 -maxdepth 1 ! -name logs -exec rm -rf {} +
    touch "$folder/stopped"
else
    rm -rf "$folder"
fi
rm -f "$folder.lock"
