# Values that are made of parts: lists after a comma, KEY=VALUE, and what `show` shows; all else is left to _complete_janklab_words.
_janklab_offer() { # FIXED TYPED CANDIDATES: those that begin so, after what is fixed
  local each
  COMPREPLY=()
  for each in $3; do
    case "$each" in
      "$2"*) COMPREPLY+=( "$1$each" ) ;;
    esac
  done
  case "${COMPREPLY[0]}" in
    *=) type compopt >/dev/null 2>&1 && compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}

function _complete_janklab() {
  local current="${COMP_WORDS[COMP_CWORD]}" at=$COMP_CWORD value option
  # Bash makes words of what is before and after "=".
  [ "$current" = "=" ] && current=""
  value="$current"
  [ "${COMP_WORDS[COMP_CWORD]}" = "=" ] && value="=" && at=$((at - 1)) && value="${COMP_WORDS[at]}="
  while [ "${COMP_WORDS[at - 1]}" = "=" ] && [ "$at" -ge 3 ]; do
    value="${COMP_WORDS[at - 2]}=$value"
    at=$((at - 2))
  done
  option="${COMP_WORDS[at - 1]}"
  case "$value" in
    --*=*) option="${value%%=*}"; value="${value#*=}" ;;
  esac
  local kernels="@KERNELS@" devices="@DEVICES@" scenarios="@SCENARIOS@" litmuses="@LITMUSES@"
  local keys="@KEYS@ @SWITCHES@" values="@VALUES@"
  local typed="${value##*,}"
  local fixed="${current%"$typed"}"
  case "$option" in
    --kernels|--kernel|--as-of) case "$value" in *,*) _janklab_offer "$fixed" "$typed" "$kernels"; return ;; esac ;;
    --devices|--device) case "$value" in *,*) _janklab_offer "$fixed" "$typed" "$devices"; return ;; esac ;;
    --scenarios|--scenario) case "$value" in *,*) _janklab_offer "$fixed" "$typed" "$scenarios"; return ;; esac ;;
    --a|--b|--set)
      local key="${typed%%=*}" own=""
      [ "$option" = "--set" ] || own="kernel= device= scenario= name= "
      case "$typed" in
        *=*)
          typed="${typed#*=}"
          fixed="${current%"$typed"}"
          case "$key" in
            kernel) _janklab_offer "$fixed" "$typed" "$kernels" ;;
            device) _janklab_offer "$fixed" "$typed" "$devices" ;;
            scenario) _janklab_offer "$fixed" "$typed" "$scenarios" ;;
            *)
              local each found=""
              for each in $values; do
                case "$each" in
                  "$key="*) found="$found ${each#*=}" ;;
                esac
              done
              _janklab_offer "$fixed" "$typed" "$found" ;;
          esac
          return ;;
        *) _janklab_offer "$fixed" "$typed" "$own$keys"; return ;;
      esac ;;
  esac
  if [ "${COMP_WORDS[1]}" = "show" ] && [ "$COMP_CWORD" = 3 ]; then
    case "${COMP_WORDS[2]}" in
      kernel) _janklab_offer "" "$current" "$kernels"; return ;;
      device) _janklab_offer "" "$current" "$devices"; return ;;
      scenario) _janklab_offer "" "$current" "$scenarios"; return ;;
      litmus) _janklab_offer "" "$current" "$litmuses"; return ;;
    esac
  fi
  _complete_janklab_words
}
