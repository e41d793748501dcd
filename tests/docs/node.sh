#!/bin/sh
# Boots systemd as the first process of a machine of its own: namespaces for processes, mounts, the network and the rest, over a copy of the root file
# system that is thrown away. Nothing that happens there reaches this machine. Called by node.rs within `unshare`, with an empty folder for the copy, a
# folder that both share, and the root of the workspace.
set -eu
copy=$1 shared=$2 workspace=$3
mount -t tmpfs tmpfs "$copy"
mkdir "$copy/upper" "$copy/work" "$copy/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$copy/upper,workdir=$copy/work" "$copy/root"
root=$copy/root
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
# tmpfiles.d of Debian's HAProxy makes it on a real machine.
mkdir "$root/run/haproxy"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mkdir -p "$root$shared"
mount --bind "$shared" "$root$shared"
if [ ! -e "$root$workspace/spin.toml" ]; then
  mkdir -p "$root$workspace"
  mount --rbind "$workspace" "$root$workspace"
fi
# A disk for the databases and one for their copies, small enough to be filled.
mkdir -p "$root/var/lib/private"
mount -t tmpfs -o size=64m,mode=700 tmpfs "$root/var/lib/private"

# None of this machine's services start, and nothing is cleaned.
rm -rf "$root/etc/systemd/system"
mkdir -p "$root/etc/systemd/system"
for unit in systemd-tmpfiles-setup.service systemd-tmpfiles-setup-dev.service systemd-tmpfiles-clean.timer systemd-udevd.service \
  systemd-remount-fs.service systemd-sysctl.service systemd-sysusers.service systemd-random-seed.service; do
  ln -s /dev/null "$root/etc/systemd/system/$unit"
done
cat > "$root/etc/systemd/system/node.target" <<END
[Unit]
Requires=basic.target
After=basic.target
END
: > "$root/etc/fstab"
echo 0123456789abcdef0123456789abcdef > "$root/etc/machine-id"
ip link set lo up

# Not chroot, which would forbid user namespaces; mounts are shared, as systemd expects it.
cd "$root"
mkdir -p mnt/old
pivot_root . mnt/old
umount -l /mnt/old
mount --make-rshared /
exec env -i container=spindle-test PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=node.target --log-target=journal --show-status=no < /dev/null
