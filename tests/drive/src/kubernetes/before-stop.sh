# Part of stop.sh, for a real node: pods go first, while there is still somebody who takes them down properly.
export KUBECONFIG=$folder/kubeconfig HOME=$folder

# Whoever would make pods anew goes before the pods do.
ids=$(grep -E ' kube-(controller-manager|scheduler)$' "$folder/processes" | cut -d' ' -f1)
tell KILL
timeout 30 "$kubectl" delete pods --all --all-namespaces --grace-period=1 --timeout=25s

# What is left of them, without asking anybody.
ctr="ctr --address $folder/containerd.sock --namespace k8s.io"
ids=$(grep -E ' kubelet$' "$folder/processes" | cut -d' ' -f1)
tell KILL
for task in $(timeout 10 $ctr tasks list -q); do
    timeout 10 $ctr tasks delete --force "$task"
done
for container in $(timeout 10 $ctr containers list -q); do
    timeout 10 $ctr containers delete "$container"
done
