#!/bin/sh
# Takes the place of levcontacts in the tests; does what the name it is called by says.
case ${0##*/} in
echo)
	stty raw -echo
	printf '%s %s ' "$1" "$LEVCONTACTS_DEMO_TIME"
	cat
	;;
ready)
	printf ready
	sleep 1000
	;;
ends) echo ready ;;
fails)
	echo broken
	exit 3
	;;
emoji)
	echo ready never 👍
	sleep 1000
	;;
esac
