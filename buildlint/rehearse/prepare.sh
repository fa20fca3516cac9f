# Makes a container of Debian or Ubuntu more like an instance: with systemd, and with the programs of a
# server's image that templates rely on.
set -e
export DEBIAN_FRONTEND=noninteractive

# What container images have and servers have not: nothing is started after its installation, no
# documentation, no lists of packages.
rm -f /usr/sbin/policy-rc.d /etc/dpkg/dpkg.cfg.d/excludes /etc/apt/apt.conf.d/docker-*

wanted='apt-transport-https apt-utils bash-completion bzip2 ca-certificates chrony cloud-init cron curl
    dbus e2fsprogs file gnupg init iproute2 iputils-ping kmod less libpam-systemd locales logrotate
    lsb-release lsof nano net-tools openssh-server procps psmisc python3 rsync rsyslog sudo
    systemd systemd-sysv tzdata udev unattended-upgrades unzip vim wget xz-utils zip'
apt-get update -q
packages=
for each in $wanted; do
    if apt-cache show "$each" > /dev/null 2>&1; then packages="$packages $each"; fi
done
# shellcheck disable=SC2086
apt-get install -q -y --no-install-recommends -o DPkg::Options::=--force-unsafe-io $packages
apt-get clean

# The first boot is not rehearsed: in a container it would only wait for a network of its own. Nothing
# else takes the lock of apt at a bad moment.
mkdir -p /etc/cloud
touch /etc/cloud/cloud-init.disabled
systemctl disable apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service || true
