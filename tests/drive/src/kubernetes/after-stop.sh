# Part of stop.sh, for a real node: what the machine's kernel still holds.

# A shim speaks of the folder in its arguments, as the parts themselves do.
ids=$(grep -lsF "$folder" /proc/[0-9]*/cmdline | cut -d/ -f3)
ids=$(for id in $ids; do grep -qs '^containerd-shim' "/proc/$id/comm" && echo "$id"; done)
tell KILL

"$kubeproxy" --cleanup
for family in iptables ip6tables; do
    $family-save | grep -vE 'KUBE-|CNI-' | $family-restore
done
ip link delete "$bridge"

# The innermost mount first.
grep -F " $folder" /proc/mounts | cut -d' ' -f2 | sort -r | while read -r mount; do umount -l "$mount"; done
find /sys/fs/cgroup -depth -type d -path '*/kubepods*' -exec rmdir {} + 2>/dev/null
find /var/log/containers -lname "$folder/*" -delete 2>/dev/null
