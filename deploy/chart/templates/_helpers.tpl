{{/* The name of the resources of the application. */}}
{{- define "spindle.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The labels that select the pods of one part: dict "root" $ "component" "application". */}}
{{- define "spindle.selectorLabels" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* The same without the name, which Flagger changes in the pods that it makes. */}}
{{- define "spindle.partLabels" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* All labels of one part. */}}
{{- define "spindle.labels" -}}
{{ include "spindle.selectorLabels" . }}
app.kubernetes.io/part-of: spindle
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The labels of the pods of one part: without the version of the chart, which replaces no pod. */}}
{{- define "spindle.podLabels" -}}
{{ include "spindle.selectorLabels" . }}
app.kubernetes.io/part-of: spindle
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- end -}}

{{/* An image: dict "root" $ "image" .Values.image. */}}
{{- define "spindle.image" -}}
{{- if .image.digest -}}
{{- printf "%s@%s" .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" .image.repository (default .root.Chart.AppVersion .image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "spindle.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "spindle.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The application as the pods of the release reach it. */}}
{{- define "spindle.url" -}}
http://{{ include "spindle.fullname" . }}
{{- end -}}

{{- define "spindle.secretName" -}}
{{- default (printf "%s-secrets" (include "spindle.fullname" .)) .Values.secrets.existingSecret -}}
{{- end -}}

{{- define "spindle.runtimeConfigName" -}}
{{- default (printf "%s-runtime-config" (include "spindle.fullname" .)) .Values.runtimeConfig.existingSecret -}}
{{- end -}}

{{/* The secret variables of spin.toml: those that it requires, and those with a default. */}}
{{- define "spindle.requiredSecrets" -}}
["audit_secret", "auth_key_secret", "payment_webhook_secret", "provider_token_secret", "service_token_secret"]
{{- end -}}
{{- define "spindle.optionalSecrets" -}}
["bootstrap_admin_password", "metrics_token", "notify_email_key", "notify_push_key", "notify_sms_key", "payment_provider_key", "pricing_key"]
{{- end -}}

{{/* The variables that are no secrets, with those that follow from other values, as JSON. */}}
{{- define "spindle.plainVariables" -}}
{{- $variables := deepCopy .Values.variables -}}
{{- if .Values.eventRelay.enabled -}}
{{- $_ := set $variables "event_transport" "redis" -}}
{{- $_ := set $variables "redis_address" (default .Values.runtimeConfig.redis.url .Values.variables.redis_address) -}}
{{- end -}}
{{- toJson $variables -}}
{{- end -}}

{{/* All variables as a list of "name" and "valueFrom", as JSON. */}}
{{- define "spindle.variables" -}}
{{- $list := list -}}
{{- $configMap := printf "%s-variables" (include "spindle.fullname" .) -}}
{{- range $name, $_ := include "spindle.plainVariables" . | fromJson -}}
{{- $list = append $list (dict "name" $name "valueFrom" (dict "configMapKeyRef" (dict "name" $configMap "key" $name))) -}}
{{- end -}}
{{- $secret := include "spindle.secretName" . -}}
{{- range include "spindle.requiredSecrets" . | fromJsonArray -}}
{{- $list = append $list (dict "name" . "valueFrom" (dict "secretKeyRef" (dict "name" $secret "key" .))) -}}
{{- end -}}
{{- range include "spindle.optionalSecrets" . | fromJsonArray -}}
{{- $list = append $list (dict "name" . "valueFrom" (dict "secretKeyRef" (dict "name" $secret "key" . "optional" true))) -}}
{{- end -}}
{{- toJson $list -}}
{{- end -}}

{{/* One secret variable as an entry of "env". */}}
{{- define "spindle.serviceTokenSecret" -}}
- name: SPIN_VARIABLE_SERVICE_TOKEN_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ include "spindle.secretName" . }}
      key: service_token_secret
{{- end -}}

{{/* The text of runtime-config.toml. */}}
{{- define "spindle.runtimeConfig" -}}
{{- $libsql := .Values.runtimeConfig.libsql -}}
{{- range list "auth" "catalog" "notifications" "orders" "payments" "users" -}}
{{- $own := get $libsql.services . | default dict -}}
[sqlite_database.{{ . }}]
type = "libsql"
url = {{ default $libsql.url $own.url | replace "{service}" . | toJson }}
token = {{ default $libsql.token $own.token | toJson }}

{{ end -}}
{{- range list "edge" "cache" -}}
[key_value_store.{{ . }}]
{{- if $.Values.runtimeConfig.redis.url }}
type = "redis"
url = {{ $.Values.runtimeConfig.redis.url | toJson }}
{{- else }}
type = "spin"
{{- end }}

{{ end -}}
{{- end -}}

{{/*
Annotations that change with what the pods read at their start, so that a change replaces them. A Secret of others is read where the cluster can be
asked (helm install and upgrade); elsewhere secrets.revision stands for it.
*/}}
{{- define "spindle.checksums" -}}
checksum/variables: {{ include "spindle.plainVariables" . | sha256sum }}
checksum/secrets: {{ include "spindle.secretChecksum" (dict "root" . "name" .Values.secrets.existingSecret "own" (toJson .Values.secrets.values)) }}
checksum/runtime-config: {{ include "spindle.secretChecksum" (dict "root" . "name" .Values.runtimeConfig.existingSecret "own" (include "spindle.runtimeConfig" .)) }}
{{- with .Values.secrets.revision }}
spindle/secrets-revision: {{ . | quote }}
{{- end }}
{{- end -}}
{{- define "spindle.secretChecksum" -}}
{{- if .name -}}
{{- $secret := lookup "v1" "Secret" .root.Release.Namespace .name -}}
{{- printf "%s %s" .name (toJson (get $secret "data" | default dict)) | sha256sum -}}
{{- else -}}
{{- sha256sum .own -}}
{{- end -}}
{{- end -}}

{{/* Annotations of a Deployment that the reloader looks for. */}}
{{- define "spindle.reloader" -}}
{{- if .Values.secrets.reloader }}
reloader.stakater.com/auto: "true"
{{- end }}
{{- end -}}

{{/* The security context of a pod, and of a container, under the pod security standard "restricted". */}}
{{- define "spindle.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}
{{- define "spindle.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/*
Files of a pod of the shim: it writes the locked application to /spin.json and the components below /.cache, which a process without root
can do neither in the root folder of an image. So a container that runs before makes the file, and the list of certificates with it.
*/}}
{{- define "spindle.shimInitContainers" -}}
- name: prepare
  image: {{ include "spindle.image" (dict "root" . "image" .Values.ticker.image) }}
  imagePullPolicy: {{ .Values.ticker.image.pullPolicy }}
  args: [prepare, /state]
  securityContext:
    {{- include "spindle.containerSecurityContext" . | nindent 4 }}
  resources:
    requests: { cpu: 10m, memory: 16Mi }
    limits: { memory: 64Mi }
  volumeMounts:
    - { name: state, mountPath: /state }
{{- end -}}
{{- define "spindle.shimVolumes" -}}
- name: state
  emptyDir: {}
- name: cache
  emptyDir: {}
- name: tmp
  emptyDir: {}
- name: spin
  emptyDir: {}
{{- with .Values.caCertificates }}
{{- if .existingConfigMap }}
- name: certificates
  configMap:
    name: {{ .existingConfigMap }}
    items:
      - { key: {{ .key | quote }}, path: ca-certificates.crt }
{{- else if .existingSecret }}
- name: certificates
  secret:
    secretName: {{ .existingSecret }}
    items:
      - { key: {{ .key | quote }}, path: ca-certificates.crt }
{{- end }}
{{- end }}
{{- end -}}
{{- define "spindle.shimVolumeMounts" -}}
- { name: state, mountPath: /spin.json, subPath: spin.json }
- { name: cache, mountPath: /.cache }
- { name: tmp, mountPath: /tmp }
- { name: spin, mountPath: /.spin }
{{- if or .Values.caCertificates.existingConfigMap .Values.caCertificates.existingSecret }}
- { name: certificates, mountPath: /etc/ssl/certs/ca-certificates.crt, subPath: ca-certificates.crt, readOnly: true }
{{- else }}
- { name: state, mountPath: /etc/ssl/certs/ca-certificates.crt, subPath: ca-certificates.crt, readOnly: true }
{{- end }}
{{- end -}}
{{- define "spindle.shimEnv" -}}
- { name: TMPDIR, value: /tmp }
{{- with .Values.deployment.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- with .Values.instanceMemory }}
- { name: SPIN_MAX_INSTANCE_MEMORY, value: {{ include "spindle.bytes" . | quote }} }
{{- end }}
{{- end -}}

{{/* A quantity such as 256Mi in bytes: the schema allows Mi and Gi. */}}
{{- define "spindle.bytes" -}}
{{- if hasSuffix "Gi" . -}}
{{- mul (trimSuffix "Gi" . | int64) 1073741824 -}}
{{- else -}}
{{- mul (trimSuffix "Mi" . | int64) 1048576 -}}
{{- end -}}
{{- end -}}

{{/* Where the pods of a Deployment run. */}}
{{- define "spindle.scheduling" -}}
{{- with .Values.deployment.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.deployment.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.deployment.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.deployment.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}
